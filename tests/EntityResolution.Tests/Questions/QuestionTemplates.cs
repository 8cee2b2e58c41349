namespace Platform.EntityResolution.Tests.Questions;

/// <summary>What people ask an assistant of a credit and sales department. "{0}" and "{1}" are names, "{n}" is a number of a document.</summary>
internal static class QuestionTemplates
{
    public static readonly string[] OneName =
    [
        "What is the status of {0}?", "How is {0} doing?", "How much does {0} owe us?", "Show me all open invoices of {0}", "Should we extend payment terms to {0}?",
        "What patterns do you see with {0}?", "Is {0} paying on time?", "When did {0} last order?", "Has {0} paid the March invoice yet?", "Give me a summary of {0} please",
        "What did we agree with {0} last year?", "Why is {0} late again?", "{0} is late, what should I do?", "Tell me about {0}", "Remember that {0} wants invoices by post",
        "Any rush orders from {0} this quarter?", "Compare the last two quarters for {0}", "I have a call with {0} tomorrow, what do I need to know?", "Can we raise the credit limit for {0}?",
        "What is the average delay of {0}, in days?", "How many orders did {0} place in 2025?", "Did {0} dispute anything since January?", "List unpaid invoices for {0} over 5,000 EUR",
        "Please check {0} before Friday", "what's going on with {0}", "Hi, could you tell me whether {0} is a good customer?", "Which invoices of {0} are older than 60 days?",
        "I think {0} has a problem. What changed?", "Balance for {0}", "{0} balance", "{0}: overdue amount?", "Our customer {0} complains about a late delivery", "Is it true that {0} moved to prepayment?",
        "How risky is {0} compared with others in its segment?", "Draft a reminder for {0}", "What does {0} usually buy and when?", "Does {0} still order every month?", "how much business do we do with {0}",
        "Revenue with {0} by month", "Explain the jump in orders by {0}",
    ];

    public static readonly string[] OneNamePossessive =
    [
        "What is {0} balance?", "Show {0} open invoices", "How have {0} payments changed?", "When is {0} next invoice due?", "Is {0} credit limit too high?", "What are {0} payment terms?",
        "Summarise {0} order history", "Why did {0} orders drop in May?", "How late are {0} payments on average?", "Do we know {0} contact person?", "What is behind {0} rush orders?", "Should we change {0} terms?",
    ];

    public static readonly string[] TwoNames =
    [
        "Compare {0} and {1}", "Who owes more, {0} or {1}?", "What is the difference between {0} and {1}?", "How are {0} and {1} paying this year?", "Show invoices for {0}, {1}",
        "Is {0} a better customer than {1}?", "First {0}, then {1}: who is overdue?", "Should we treat {0} like {1}?", "Did both {0} and {1} order in June?", "Status of {0} versus {1}",
    ];

    public static readonly string[] Invoices =
    [
        "Is invoice {n} paid?", "Show me {n}", "When was {n} due?", "What is open on invoice number {n}?", "Who disputes {n}?", "Please explain the late payment of {n}.", "status of {n}", "Has #{n} been settled?",
    ];

    public static readonly string[] Orders =
    [
        "Where is order {n}?", "Has {n} been shipped?", "Was order no. {n} delivered late?", "Which priority has order {n}?", "Who placed {n}?", "status of order {n}", "Cancel {n} please",
    ];

    public static readonly string[] NameAndNumber =
    [
        "Has {0} paid {n}?", "Is {n} the oldest invoice of {0}?", "Why does {0} dispute {n}?", "{n} from {0}: what is open?",
    ];

    /// <summary>Questions that name nothing, with words that are names elsewhere.</summary>
    public static readonly string[] NoName =
    [
        "How many invoices are overdue?", "What is our total revenue this year?", "Who are the ten best customers?", "Show overdue invoices by country", "Which customers changed their behaviour in the last 90 days?",
        "Hello!", "Good morning, can you help me?", "thanks, that was useful", "What can you do?", "Why is the dashboard slow today?", "How do I export this to Excel?", "Send me the list as PDF",
        "What is the average days sales outstanding?", "Are we on target this month?", "Is there a gap between orders and invoices?", "How large is the gap?", "What should our target for next quarter be?",
        "Do customers in Germany pay faster than those in France?", "List customers in New York", "Revenue in Q3 2025 compared with Q3 2024", "How many orders came in last Monday?", "Show me the top 5 by revenue",
        "Which segment grows fastest?", "What share of invoices is disputed?", "Is a credit limit of 50,000 EUR too much?", "Explain how confidence is computed", "Where does this figure come from?",
        "Which customers have a rush order open?", "Do we have any credit notes above 10 %?", "How do payments by bank transfer compare with card?", "What was the best month in 2024?", "Are there customers without orders since summer?",
        "Show me all unpaid invoices over $10,000", "Who pays late and why?", "What changed since yesterday?", "Give me an overview of the portfolio", "Which orders are stuck in the warehouse?", "Please speak plain English",
        "What does \"past due\" mean?", "is this list complete", "show me new customers", "which customers are on hold", "what happened in december", "average order value per month", "who is over the limit",
        "How reliable is the forecast for the first half of 2026?", "Can you block orders automatically?", "What is a fair payment term for a new customer?", "We need a plan for the next board meeting", "Which visa or travel costs did we book in April?",
        "An apple a day keeps the doctor away", "How do I square this with the bank statement?", "Open the delta between budget and actuals", "Is there a shell company among our customers?", "What is the best buy we made this year?",
        "Count invoices by currency", "Sort them by amount, largest first", "How many customers do we have in the United States?", "Are sales in the Nordic region growing?", "Which industry has the highest risk?",
        "Rank segments by margin", "What is the median invoice amount in USD?", "Show the aging report as of 2026-03-31", "How much cash will come in next week?", "Was last week better than the week before?",
        "Do larger orders get paid later?", "Please only show amounts in thousands", "Why are there so many small invoices?", "Which of our suppliers raised prices?", "I need the numbers by noon",
        "any news on our overdue accounts", "total outstanding by age bucket", "can i trust this answer", "top customers by order count, last 12 months", "how long do customers take to pay on average",
        "What's the oldest unpaid invoice?", "Which customers ordered nothing for six months?", "Let's talk about something else", "No, the other quarter", "Yes please", "Start over",
        "Round all amounts to full euros", "Which payment methods are used most?", "Is there seasonality in our orders?", "Tell me a joke", "Who wrote this report?", "What is the weather in Berlin?",
        "Compare this March with last March", "How does on-time delivery affect payment?", "Give me three ideas to reduce overdue amounts", "What would happen if we shortened terms to 14 days?",
    ];

    /// <summary>Sentences in which a common word can only be the company: "{0}" is the bare word, capitalised.</summary>
    public static readonly string[] CommonWordMeant =
    [
        "What is the status of {0}?", "How much does {0} owe us?", "Should we extend terms for {0}?", "What is {0}'s balance?", "How is customer {0} paying?", "Show me open invoices of {0}", "Did our client {0} order in May?", "What did \"{0}\" buy?",
        "Has {0} paid its March invoice?", "Tell me about {0} please",
    ];

    /// <summary>Sentences in which the same word is the ordinary one: "{0}" is the bare word in lower case.</summary>
    public static readonly string[] CommonWordOrdinary =
    [
        "What is a good {0} for next year?", "Is there a {0} in our numbers?", "We talked about the {0} last week", "Please set the {0} for overdue invoices", "Why does the report say {0}?", "How many {0} events were there?", "Any other {0} that we should know about?",
        "How do we {0} the invoices by month?",
    ];
}
