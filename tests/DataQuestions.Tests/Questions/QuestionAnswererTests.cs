using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts.DataQuestions.V1;
using Platform.Testing;
using Platform.DataQuestions.Datasets;
using Platform.DataQuestions.Questions;

namespace Platform.DataQuestions.Tests.Questions;

public sealed class QuestionAnswererTests(DomainDatabase database) : IClassFixture<DomainDatabase>, IAsyncLifetime
{
    private static readonly (string Id, string Name)[] Acme = [("A", "Acme")];

    private readonly DatasetCatalog datasets = DatasetCatalog.Load(Path.Combine(TestData.RepositoryRoot, "config", "datasets"));

    public async ValueTask InitializeAsync() => await database.ExecuteAsync("""
        TRUNCATE domain.payments, domain.invoices, domain.sales_orders, domain.customers;
        INSERT INTO domain.customers (organization_id, customer_id, name, country, currency, credit_limit, created_at) VALUES
          ('default', 'A', 'Acme', 'Germany', 'EUR', 1000, '2025-01-01Z'), ('default', 'B', 'Birch', 'France', 'EUR', 700, '2025-01-01Z'),
          ('default', 'C', 'Cedar', 'Germany', 'USD', 100, '2025-01-01Z'), ('other', 'A', 'Foreign', 'Mars', 'EUR', 1, '2025-01-01Z');
        UPDATE domain.customers SET city = 'Hamburg', industry = 'Wholesale Trade' WHERE name IN ('Acme', 'Cedar');
        UPDATE domain.customers SET city = 'Lyon', industry = 'Paper' WHERE name IN ('Birch', 'Foreign');
        UPDATE domain.customers SET city = 'Olympus' WHERE name = 'Foreign';
        INSERT INTO domain.sales_orders (organization_id, order_id, order_number, customer_id, priority, status, amount, currency, created_at) VALUES
          ('default', 'O1', 'SO-1', 'A', 'rush', 'open', 100, 'EUR', '2026-03-02Z'), ('default', 'O2', 'SO-2', 'A', 'normal', 'delivered', 200, 'EUR', '2026-02-10Z'),
          ('default', 'O3', 'SO-3', 'B', 'rush', 'open', 50, 'EUR', '2026-03-20Z'), ('other', 'O1', 'SO-1', 'A', 'rush', 'open', 1, 'EUR', '2026-03-02Z');
        UPDATE domain.sales_orders SET requested_date = '2026-03-30';
        UPDATE domain.sales_orders SET requested_date = '2026-02-15', delivered_at = '2026-02-16Z' WHERE status = 'delivered';
        INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date) VALUES
          ('default', 'I1', 'INV-1', 'A', 100, 'EUR', '2026-01-01Z', '2026-01-31'), ('default', 'I2', 'INV-2', 'A', 250.50, 'EUR', '2026-03-01Z', '2026-04-30'),
          ('default', 'I3', 'INV-3', 'B', 400, 'EUR', '2026-01-10Z', '2026-02-10'), ('default', 'I4', 'INV-4', 'C', 70, 'USD', '2026-01-10Z', '2026-02-10'),
          ('default', 'I5', 'INV-5', 'B', 30, 'EUR', '2026-01-10Z', '2026-02-10'), ('other', 'I1', 'INV-1', 'A', 9999, 'EUR', '2026-01-01Z', '2026-01-31');
        INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at, method) VALUES
          ('default', 'P1', 'I5', 30, 'EUR', '2026-02-14Z', 'bank transfer'), ('default', 'P2', 'I1', 40, 'EUR', '2026-03-05Z', 'card');
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("How many invoices are overdue?", "There are 3 overdue invoices.")]
    [InlineData("how many customers do we have", "There are 3 customers.")]
    [InlineData("How many rush orders this month?", "There are 2 rush orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("Total open balance", "The total open balance is 710.50 EUR and 70.00 USD, over 4 invoices.")]
    [InlineData("How much do customers owe us?", "The total open balance is 710.50 EUR and 70.00 USD, over 4 invoices.")]
    [InlineData("What is the overdue amount of Acme?", "The total overdue amount of Acme is 60.00 EUR, over 1 invoice.")]
    [InlineData("Average days late", "The average of days late is 4.00, over 1 invoice.")]
    [InlineData("Orders per month", "Orders per month, the latest first: March 2026 2; February 2026 1.")]
    [InlineData("Orders by priority", "Orders by priority, 2 rows: rush 2; normal 1.")]
    [InlineData("Overdue amount by country", "Overdue amount by country, by currency, the highest first: France 400.00 EUR; Germany 70.00 USD.")]
    [InlineData("Which customer has the most orders?", "Customer by number of orders, the highest first: Acme 2; Birch 1.")]
    [InlineData("How many orders are cancelled?", "There are no cancelled orders.")]
    [InlineData("total payments received in 2026", "The total received amount from 2026-01-01 to 2026-12-31 is 70.00 EUR, over 2 payments.")]
    [InlineData("How many orders were placed in February 2026?", "There is 1 order from 2026-02-01 to 2026-02-28.")]
    [InlineData("How many orders in march", "There are 2 orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("How much was invoiced in Q1 2026?", "The total invoiced amount from 2026-01-01 to 2026-03-31 is 780.50 EUR and 70.00 USD, over 5 invoices.")]
    [InlineData("How much did Acme order this year?", "The total ordered amount of Acme from 2026-01-01 to 2026-12-31 is 300.00 EUR, over 2 orders.")]
    [InlineData("How much did Acme pay in 2026?", "The total received amount of Acme from 2026-01-01 to 2026-12-31 is 40.00 EUR, over 1 payment.")]
    [InlineData("How many customers are in Germany?", "There are 2 customers in Germany.")]
    [InlineData("How many invoices are overdue for more than 30 days?", "There are 3 overdue invoices more than 30 days late.")]
    [InlineData("Which customers have overdue invoices?", "Overdue invoices by customer, 3 rows: Acme 1; Birch 1; Cedar 1.")]
    [InlineData("top 1 customers by number of orders", "Customer by number of orders, the highest first: Acme 2.")]
    [InlineData("Which customers pay late?", "Days late by customer, 1 row: Birch 4.00.")]
    [InlineData("How many customers are in Hamburg?", "There are 2 customers in Hamburg.")]
    [InlineData("How many customers in Lyon and in Hamburg?", "There are 3 customers in Hamburg and Lyon.")]
    [InlineData("overdue amount in hamburg", "The total overdue amount in Hamburg is 60.00 EUR and 70.00 USD, over 2 invoices.")]
    [InlineData("How many orders from customers in the wholesale trade industry?", "There are 2 orders in the Wholesale Trade industry.")]
    [InlineData("Which paper customers owe the most?", "Customer by open balance in the Paper industry, the highest first: Birch 400.00 EUR.")]
    [InlineData("How many invoices between 50 and 150?", "There are 2 invoices of between 50.00 and 150.00.")]
    [InlineData("how many invoices between €100 and €1k", "There are 3 invoices of between 100.00 and 1,000.00 in EUR.")]
    [InlineData("Which customers have more than 1 order?", "More than 1 order by customer, 1 row: Acme 2.")]
    [InlineData("Which customers have at least 2 invoices?", "At least 2 invoices by customer, 2 rows: Acme 2; Birch 2.")]
    [InlineData("How many customers have more than 1 invoice?", "There are 2 customers with more than 1 invoice.")]
    [InlineData("How much is more than 30 days overdue?", "The total overdue amount more than 30 days late is 460.00 EUR and 70.00 USD, over 3 invoices.")]
    [InlineData("How many invoices are over 30 days overdue?", "There are 3 overdue invoices more than 30 days late.")]
    [InlineData("What is our on-time payment rate?", "0.0% of 1 paid invoice was paid on time: 0.")]
    [InlineData("What is our overdue ratio?", "60.0% of 5 invoices are overdue: 3.")]
    [InlineData("Which country pays slowest?", "Days late by country, 1 row: France 4.00.")]
    [InlineData("Who settled late?", "Invoices paid late by customer, 1 row: Birch 1.")]
    [InlineData("Which customers pay late most often?", "Invoices paid late by customer, 1 row: Birch 1.")]
    [InlineData("Who most often pays late?", "Invoices paid late by customer, 1 row: Birch 1.")]
    [InlineData("How many orders are from customers?", "There are 3 orders.")]
    [InlineData("How many payments by bank transfer?", "There is 1 payment by bank transfer.")]
    [InlineData("How many invoices did we send in January 2026?", "There are 4 invoices issued from 2026-01-01 to 2026-01-31.")]
    [InlineData("Show the payment history of 2026", "There are 2 payments from 2026-01-01 to 2026-12-31; the latest come first.")]
    [InlineData("How much did we receive by card in 2026?", "The total received amount by card from 2026-01-01 to 2026-12-31 is 40.00 EUR, over 1 payment.")]
    [InlineData("How many customers are on hold?", "There are no customers on hold.")]
    [InlineData("How many customers are over their credit limit?", "There are no customers over the credit limit.")]
    [InlineData("How many customers have exceeded their credit limit?", "There are no customers over the credit limit.")]
    [InlineData("How many customers exceeded the credit limit?", "There are no customers over the credit limit.")]
    [InlineData("total overdue by currency", "Overdue amount by currency, the one with the most rows first: EUR 460.00; USD 70.00.")]
    [InlineData("Total overdue", "The total overdue amount is 460.00 EUR and 70.00 USD, over 3 invoices.")]
    [InlineData("How much is overdue in total?", "The total overdue amount is 460.00 EUR and 70.00 USD, over 3 invoices.")]
    [InlineData("How many customers have overdue invoices?", "There are 3 customers with overdue invoices.")]
    [InlineData("How many customers have placed rush orders in February 2026?", "There are no customers with rush orders from 2026-02-01 to 2026-02-28.")]
    [InlineData("How many invoices in EUR?", "There are 4 invoices in EUR.")]
    [InlineData("open balance in euros", "The total open balance in EUR is 710.50 EUR, over 3 invoices.")]
    [InlineData("total USD revenue in 2026", "The total invoiced amount in USD from 2026-01-01 to 2026-12-31 is 70.00 USD, over 1 invoice.")]
    [InlineData("invoices over 200 in EUR", "There are 2 invoices of more than 200.00 in EUR; the latest come first.")]
    [InlineData("How many invoices of at least €0.25k?", "There are 2 invoices of at least 250.00 in EUR.")]
    [InlineData("How many payments under 35?", "There is 1 payment of less than 35.00.")]
    [InlineData("Which customers owe more than 300?", "Open balance of more than 300.00 by customer, 2 rows: Birch 400.00 EUR; Acme 310.50 EUR.")]
    [InlineData("How much revenue from invoices above 300", "The total invoiced amount of invoices of more than 300.00 is 400.00 EUR, over 1 invoice.")]
    [InlineData("How many customers owe more than 300?", "Customers are not counted by an amount; ask which customers they are.")]
    [InlineData("How many invoices in ALL?", "There are no invoices in ALL.")]
    [InlineData("Which customers have not ordered for 30 days?", "There is 1 customer without an order since 2026-03-01.")]
    [InlineData("How many customers haven't ordered since 2026-03-03?", "There are 2 customers without an order since 2026-03-03.")]
    [InlineData("Who hasn't paid in the last 3 months?", "There is 1 customer without a payment since 2025-12-31.")]
    [InlineData("How many customers in Germany without orders in a month?", "There is 1 customer without an order since 2026-02-28 in Germany.")]
    [InlineData("Which customers have not ordered this month?", "There is 1 customer without an order since 2026-03-01.")]
    [InlineData("Who hasn't paid anything this year?", "There is 1 customer without a payment since 2026-01-01.")]
    [InlineData("list customers with no orders since february", "There is 1 customer without an order since 2026-02-01.")]
    [InlineData("Which customers have not ordered since the start of the quarter?", "There is 1 customer without an order since 2026-01-01.")]
    [InlineData("Which customers have not ordered since last month?", "There is 1 customer without an order since 2026-02-01.")]
    [InlineData("Who did not order last month?", "There are 2 customers without an order from 2026-02-01 to 2026-02-28; the latest come first.")]
    [InlineData("Which customers ordered nothing in February 2026?", "There are 2 customers without an order from 2026-02-01 to 2026-02-28; the latest come first.")]
    [InlineData("Who paid us nothing in February 2026?", "There are 2 customers without a payment from 2026-02-01 to 2026-02-28; the latest come first.")]
    [InlineData("Which customers did not pay this month?", "There are 2 customers without a payment since 2026-03-01; the latest come first.")]
    [InlineData("How many customers were not invoiced in March 2026?", "There are 2 customers without an invoice since 2026-03-01.")]
    [InlineData("Which customers have not ordered anything from us yesterday?", "There are 3 customers without an order on 2026-03-30; the latest come first.")]
    [InlineData("Who has never ordered?", "There is 1 customer without an order so far.")]
    [InlineData("Which customers never paid anything?", "There is 1 customer without a payment so far.")]
    [InlineData("Which customers were not contacted last month?", "I do not know what \"not\", \"contacted\" means in these data.")]
    [InlineData("Which orders are late?", "There are 2 overdue orders; the latest come first.")]
    [InlineData("How many orders were late?", "There are 3 late orders.")]
    [InlineData("What percentage of orders was delivered late?", "100.0% of 1 delivered order was delivered late: 1.")]
    [InlineData("How many orders were delivered late in february 2026?", "There is 1 order delivered late from 2026-02-01 to 2026-02-28.")]
    [InlineData("How many orders were delivered in march?", "There are no delivered orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("How many orders have not been delivered?", "There are 2 undelivered orders.")]
    [InlineData("Which customers have late orders?", "Overdue orders by customer, 2 rows: Acme 1; Birch 1.")]
    [InlineData("Which customers are late?", "\"late\" has no meaning for customers.")]
    [InlineData("How much did we collect in 2026?", "The total received amount from 2026-01-01 to 2026-12-31 is 70.00 EUR, over 2 payments.")]
    [InlineData("How much money came in this month?", "The total received amount from 2026-03-01 to 2026-03-31 is 40.00 EUR, over 1 payment.")]
    [InlineData("How is cash flow looking?", "\"cash flow\" can mean several things here. Ask for example \"Received amount per month this year\", \"How much did we receive last month?\", \"How much is due in the next 30 days?\", \"Total open balance\".")]
    [InlineData("How many invoices not paid this year?", "There are 4 open invoices from 2026-01-01 to 2026-12-31.")]
    [InlineData("How many customers have no open invoices?", "There are no customers without open invoices.")]
    [InlineData("Which customers owe us nothing?", "There are no customers without open invoices.")]
    [InlineData("How many customers with no overdue invoices in France?", "There are no customers without overdue invoices in France.")]
    [InlineData("How much did we invoice since march?", "The total invoiced amount from 2026-03-01 to 2026-03-31 is 250.50 EUR, over 1 invoice.")]
    [InlineData("How many orders since last month?", "There are 3 orders from 2026-02-01 to 2026-03-31.")]
    [InlineData("How many orders since the beginning of the year?", "There are 3 orders from 2026-01-01 to 2026-03-31.")]
    [InlineData("How many orders since november 2025?", "There are 3 orders from 2025-11-01 to 2026-03-31.")]
    [InlineData("How many orders since the month before March?", "There are 3 orders from 2026-02-01 to 2026-03-31.")]
    [InlineData("How many orders since 2026-02-01 to 2026-02-28?", "I do not know what \"since\", \"2026-02-01\", \"2026-02-28\" means in these data.")]
    [InlineData("How many orders since 2026-03-02?", "There are 2 orders from 2026-03-02 to 2026-03-31.")]
    [InlineData("How many orders since 2025?", "There are 3 orders from 2025-01-01 to 2026-03-31.")]
    [InlineData("largest invoice ever", "The largest invoice of each currency by invoiced amount: 2 rows.")]
    [InlineData("Who is our best customer?", "Ranked by what? Ask for example \"top 5 customers by revenue\" or \"which customers owe the most\".")]
    [InlineData("Largest open invoices", "The largest open invoices by open balance: 4 rows.")]
    [InlineData("largest open invoice of Acme", "The largest open invoice of Acme by open balance is INV-2 of Acme, 2026-03-01: 250.50 EUR.")]
    [InlineData("Top 10 overdue customers", "Customer by overdue amount, the highest of each currency: Birch 400.00 EUR; Cedar 70.00 USD.")]
    [InlineData("Which customers are overdue?", "Overdue invoices by customer, 3 rows: Acme 1; Birch 1; Cedar 1.")]
    [InlineData("How many overdue customers are there?", "There are 3 customers with overdue invoices.")]
    [InlineData("Which countries have the most overdue?", "Country by overdue amount, the highest of each currency: France 400.00 EUR; Germany 70.00 USD.")]
    [InlineData("Who are our slowest payers?", "Days late by customer, 1 row: Birch 4.00.")]
    [InlineData("Who paid the most in february 2026?", "Received amount from 2026-02-01 to 2026-02-28 by customer, 1 row: Birch 30.00 EUR.")]
    [InlineData("How many new customers in 2025?", "There are 3 new customers from 2025-01-01 to 2025-12-31.")]
    [InlineData("What is the total exposure to Germany?", "The total open balance in Germany is 310.50 EUR and 70.00 USD, over 3 invoices.")]
    [InlineData("Which invoices are due next month?", "There is 1 open invoice due from 2026-04-01 to 2026-04-30.")]
    [InlineData("How much is due in the next 30 days?", "The total open balance due from 2026-03-31 to 2026-04-30 is 250.50 EUR, over 1 invoice.")]
    [InlineData("How much is falling due tomorrow?", "There are no open invoices due on 2026-04-01.")]
    [InlineData("How many invoices were due in february?", "There are 3 invoices due from 2026-02-01 to 2026-02-28.")]
    [InlineData("Which invoices are due?", "due when? Ask for example \"invoices due this week\" or \"… in the next 30 days\".")]
    [InlineData("How many orders next month?", "There are no orders of days to come in these data.")]
    [InlineData("What is the oldest unpaid invoice?", "The oldest open invoice is INV-1 of Acme, 2026-01-01.")]
    [InlineData("Show the 2 oldest open invoices", "The 2 oldest open invoices, the oldest first.")]
    [InlineData("Which customer has the oldest overdue invoice?", "The oldest overdue invoice is INV-1 of Acme, 2026-01-01.")]
    [InlineData("Which customer placed the largest order in EUR?", "The largest order in EUR by ordered amount is SO-2 of Acme, 2026-02-10: 200.00 EUR.")]
    [InlineData("Who are the customers with the largest number of orders?", "Customer by number of orders, the highest first: Acme 2; Birch 1.")]
    [InlineData("Who placed the smallest rush order in EUR?", "The smallest rush order in EUR by ordered amount is SO-3 of Birch, 2026-03-20: 50.00 EUR.")]
    [InlineData("Which customers have the largest overdue invoices in EUR?", "The largest overdue invoices in EUR by overdue amount: 2 rows.")]
    [InlineData("Who placed the latest order?", "The latest order is SO-3 of Birch, 2026-03-20.")]
    [InlineData("Which country has the largest orders in EUR?", "The largest orders are single ones; for each country, ask for example \"orders by country\" or \"average ordered amount by country\".")]
    [InlineData("How many orders did we get from our largest customer?", "Ranked by what? Ask for example \"top 5 customers by revenue\" or \"which customers owe the most\".")]
    [InlineData("The largest customers by orders", "Customer by number of orders, the highest first: Acme 2; Birch 1.")]
    [InlineData("latest order of Acme", "The latest order of Acme is SO-1 of Acme, 2026-03-02.")]
    [InlineData("last 2 payments", "The 2 latest payments, the latest first.")]
    [InlineData("How many of the oldest invoices?", "The oldest or latest invoices are listed, not added up or grouped.")]
    [InlineData("What percentage of invoices is overdue?", "60.0% of 5 invoices are overdue: 3.")]
    [InlineData("What percentage of open invoices is overdue?", "75.0% of 4 open invoices are overdue: 3.")]
    [InlineData("What share of invoices was paid late in February 2026?", "100.0% of 1 paid invoice from 2026-02-01 to 2026-02-28 was paid late: 1.")]
    [InlineData("What percentage of invoices were paid on time in January 2026?", "There are no paid invoices from 2026-01-01 to 2026-01-31.")]
    [InlineData("What percentage of orders were rush in march 2026?", "100.0% of 2 orders from 2026-03-01 to 2026-03-31 are rush: 2.")]
    [InlineData("What percentage of revenue?", "Which part of the invoiced amount? Ask for example \"what share of the invoiced amount is from Germany?\"")]
    [InlineData("How many invoices were paid in February 2026?", "There is 1 paid invoice from 2026-02-01 to 2026-02-28.")]
    [InlineData("Average days to pay", "The average of days to pay is 35.00, over 1 invoice.")]
    [InlineData("average payment days by country", "Average days to pay by country, 1 row: France 35.00.")]
    [InlineData("How many customers have not been contacted in 6 months?", "There are 3 customers without a contact since 2025-09-30.")]
    [InlineData("How much did we invoice in March 2026?", "The total invoiced amount from 2026-03-01 to 2026-03-31 is 250.50 EUR, over 1 invoice.")]
    [InlineData("How much did we invoice in the month before March 2026?", "There are no invoices from 2026-02-01 to 2026-02-28.")]
    [InlineData("How much did we invoice in the month before month before March?", "The total invoiced amount from 2026-01-01 to 2026-01-31 is 530.00 EUR and 70.00 USD, over 4 invoices.")]
    [InlineData("How many orders were placed in the year before March 2026?", "There are no orders from 2025-03-01 to 2025-03-31.")]
    [InlineData("How many orders were placed in the period before the last 30 days?", "There is 1 order from 2026-01-31 to 2026-03-01.")]
    [InlineData("How many orders from 2026-02-10 to 2026-03-02?", "There are 2 orders from 2026-02-10 to 2026-03-02.")]
    [InlineData("How much did we invoice in 2026 of overdue invoices", "The total invoiced amount of overdue invoices from 2026-01-01 to 2026-12-31 is 500.00 EUR and 70.00 USD, over 3 invoices.")]
    [InlineData("open balance of overdue invoices in Germany", "The total open balance of overdue invoices in Germany is 60.00 EUR and 70.00 USD, over 2 invoices.")]
    [InlineData("total amount of rush orders", "The total ordered amount of rush orders is 150.00 EUR, over 2 orders.")]
    [InlineData("How much revenue from overdue invoices above 300", "The total invoiced amount of overdue invoices of more than 300.00 is 400.00 EUR, over 1 invoice.")]
    [InlineData("Which customers placed orders in March 2026?", "Orders from 2026-03-01 to 2026-03-31 by customer, 2 rows: Acme 1; Birch 1.")]
    [InlineData("How much did we invoice in January 2026 by customer?", "Invoiced amount from 2026-01-01 to 2026-01-31 by customer, by currency, the highest first: Birch 430.00 EUR; Cedar 70.00 USD.")]
    [InlineData("How late did Acme pay in January 2026?", "There are no paid invoices of Acme from 2026-01-01 to 2026-01-31.")]
    [InlineData("Which invoices did Acme pay late?", "There are no invoices paid late of Acme.")]
    [InlineData("How many customers did we invoice in January 2026?", "There are 3 customers with invoices from 2026-01-01 to 2026-01-31.")]
    public Task Ask_CommonShapes_RightFigures(string question, string text) => SaysAsync(question, text);

    /// <summary>Spans of time are ranked within each currency; where the least is asked for, the one that is not over does not count.</summary>
    [Theory]
    [InlineData("Which month had the most orders?", "The month with the highest number of orders is March 2026, with 2.")]
    [InlineData("Which month had the fewest orders?", "The month with the lowest number of orders is February 2026, with 1.")]
    [InlineData("Which month had the highest revenue?", "The month with the highest invoiced amount is January 2026, with 530.00 EUR; January 2026, with 70.00 USD.")]
    [InlineData("In which month did we invoice the most in EUR?", "The month with the highest invoiced amount in EUR is January 2026, with 530.00 EUR.")]
    [InlineData("Top 2 months by revenue in EUR", "Month by invoiced amount in EUR, the highest first: January 2026 530.00 EUR; March 2026 250.50 EUR.")]
    [InlineData("Which quarter had the highest average order value?", "The quarter with the highest average ordered amount is Q1 2026, with 116.67 EUR.")]
    [InlineData("Which month had the most new customers?", "The month with the highest number of new customers is January 2025, with 3.")]
    [InlineData("Which month had the largest order?", "The largest order by ordered amount is SO-2 of Acme, 2026-02-10: 200.00 EUR.")]
    [InlineData("Which month had the lowest revenue this month?", "That time has no whole month; ask for the total of it instead.")]
    [InlineData("Which customer had the highest revenue per month?", "Each month or each customer: one of the two can be answered at a time.")]
    public Task Ask_RankedSpans_Named(string question, string text) => SaysAsync(question, text);

    /// <summary>An average of totals, of months that are over or of customers, is not the average of rows.</summary>
    [Theory]
    [InlineData("What is the average revenue per month?", "The average invoiced amount per month is 265.00 EUR and 35.00 USD, over 2 months.")]
    [InlineData("average monthly revenue in EUR", "The average invoiced amount in EUR per month is 265.00 EUR, over 2 months.")]
    [InlineData("average revenue per month in 2025", "There are no invoices from 2025-01-01 to 2025-12-31.")]
    [InlineData("average revenue per month from December 2025 to March 2026", "The average invoiced amount from 2025-12-01 to 2026-02-28 per month is 176.67 EUR and 23.33 USD, over 3 months.")]
    [InlineData("average revenue per month this month", "That time has no whole month; ask for the total of it instead.")]
    [InlineData("How many orders do we get per month on average?", "The average number of orders per month is 1.00, over 1 month.")]
    [InlineData("How much does Acme order per month on average?", "The average ordered amount of Acme per month is 200.00 EUR, over 1 month.")]
    [InlineData("average number of orders per customer", "The average number of orders per customer is 1.50, over 2 customers.")]
    [InlineData("average revenue per customer", "The average invoiced amount per customer is 390.25 EUR (2 customers) and 70.00 USD (1 customer).")]
    [InlineData("average order value per customer", "Average ordered amount by customer, 2 rows: Acme 150.00 EUR; Birch 50.00 EUR.")]
    [InlineData("average order value per month", "Average ordered amount per month, the latest first: March 2026 75.00 EUR; February 2026 200.00 EUR.")]
    [InlineData("average number of cancelled orders per month", "There are no cancelled orders.")]
    public Task Ask_AverageOfTotals_NotOfRows(string question, string text) => SaysAsync(question, text);

    [Theory]
    [InlineData("Who paid the least?", "Customer by received amount, the lowest first: Birch 30.00 EUR; Acme 40.00 EUR.")]
    [InlineData("What is the longest overdue invoice?", "The overdue invoice with the most days overdue is INV-1 of Acme, 2026-01-01: 59.")]
    [InlineData("Which invoice is overdue the longest?", "The overdue invoice with the most days overdue is INV-1 of Acme, 2026-01-01: 59.")]
    [InlineData("Who has the longest overdue invoice?", "The overdue invoice with the most days overdue is INV-1 of Acme, 2026-01-01: 59.")]
    [InlineData("Which customers have the longest overdue invoices?", "The overdue invoices with the most days overdue: 3 rows.")]
    [InlineData("Which customers ordered more than once?", "More than 1 order by customer, 1 row: Acme 2.")]
    [InlineData("How many customers ordered at least two times in 2026?", "There is 1 customer with at least 2 orders from 2026-01-01 to 2026-12-31.")]
    [InlineData("Which customers ordered exactly once?", "Exactly 1 order by customer, 1 row: Birch 1.")]
    [InlineData("Which customers paid late at least once?", "At least 1 invoice paid late by customer, 1 row: Birch 1.")]
    [InlineData("How many customers have more than one invoice?", "There are 2 customers with more than 1 invoice.")]
    [InlineData("How many German customers do we have?", "There are 2 customers in Germany.")]
    [InlineData("overdue amount of french customers", "Overdue amount in France by customer, 1 row: Birch 400.00 EUR.")]
    [InlineData("How many customers are in Munich?", "There is 1 customer in München.")]
    public async Task Ask_OtherWords_SameMeaning(string question, string text)
    {
        await database.ExecuteAsync("UPDATE domain.customers SET city = 'München' WHERE name = 'Cedar'");

        await SaysAsync(question, text);
    }

    /// <summary>A share of amounts is told of each currency that has some; a median and a bound on the days to payment are figures like others.</summary>
    [Theory]
    [InlineData("What share of our revenue is from Acme?", "44.9% of the invoiced amount is of Acme: 350.50 of 780.50 EUR.")]
    [InlineData("What percentage of revenue comes from Germany in 2026?", "The share of the invoiced amount from 2026-01-01 to 2026-12-31 that is in Germany: 44.9% (350.50 of 780.50 EUR) and 100.0% (70.00 of 70.00 USD).")]
    [InlineData("What share of the open balance is overdue?", "The share of the open balance that is overdue: 64.7% (460.00 of 710.50 EUR) and 100.0% (70.00 of 70.00 USD).")]
    [InlineData("What share of Acme's open balance is overdue?", "19.3% of the open balance of Acme is overdue: 60.00 of 310.50 EUR.")]
    [InlineData("What percentage of revenue is from customers in the paper industry?", "55.1% of the invoiced amount is in the Paper industry: 430.00 of 780.50 EUR.")]
    [InlineData("What percentage of customers placed orders in March?", "66.7% of 3 customers have orders from 2026-03-01 to 2026-03-31: 2.")]
    [InlineData("What percentage of customers have more than 1 order?", "A share is not answered with \"more than 1\"; ask how many customers they are.")]
    [InlineData("What percentage of customers in Germany owe us money?", "100.0% of 2 customers in Germany have open invoices: 2.")]
    [InlineData("What percentage of customers have overdue invoices?", "100.0% of 3 customers have overdue invoices: 3.")]
    [InlineData("What share of revenue in Germany is overdue in EUR?", "28.5% of the invoiced amount in Germany in EUR is overdue: 100.00 of 350.50 EUR.")]
    [InlineData("What is the median order value?", "The median ordered amount is 100.00 EUR, over 3 orders.")]
    [InlineData("median days to pay", "The median of days to pay is 35.00, over 1 invoice.")]
    [InlineData("median revenue by customer in EUR", "Median invoiced amount in EUR by customer, 2 rows: Birch 215.00 EUR; Acme 175.25 EUR.")]
    [InlineData("How many invoices were paid within 40 days?", "There is 1 invoice paid within 40 days.")]
    [InlineData("How many invoices were paid within 34 days of the invoice date?", "There are no invoices paid within 34 days.")]
    [InlineData("What percentage of invoices was paid within 40 days?", "100.0% of 1 paid invoice was paid within 40 days: 1.")]
    [InlineData("How many orders were paid within 40 days?", "\"paid\" has no meaning for orders.")]
    [InlineData("When is the next invoice of Acme due?", "The next open invoice of Acme due is INV-2 of Acme, 2026-04-30.")]
    [InlineData("Which invoices are due next?", "The next open invoice due is INV-2 of Acme, 2026-04-30.")]
    [InlineData("When is the next order?", "What comes next is known of days that are named only: \"next invoices due\".")]
    [InlineData("How many days do customers take to pay?", "The average of days to pay is 35.00, over 1 invoice.")]
    [InlineData("How many days late does Acme pay?", "There are no paid invoices of Acme.")]
    [InlineData("What was our worst month by revenue in EUR?", "The month with the lowest invoiced amount in EUR is January 2026, with 530.00 EUR.")]
    [InlineData("Did Acme order anything in March?", "There is 1 order of Acme from 2026-03-01 to 2026-03-31.")]
    [InlineData("Has Acme bought anything this year?", "The total ordered amount of Acme from 2026-01-01 to 2026-12-31 is 300.00 EUR, over 2 orders.")]
    [InlineData("Have we been paid by Acme this month?", "The total received amount of Acme from 2026-03-01 to 2026-03-31 is 40.00 EUR, over 1 payment.")]
    [InlineData("How has Acme paid this year?", "There are no paid invoices of Acme from 2026-01-01 to 2026-12-31.")]
    [InlineData("How did revenue in EUR develop this year?", "Invoiced amount in EUR from 2026-01-01 to 2026-12-31 per month, the latest first: March 2026 250.50 EUR; January 2026 530.00 EUR.")]
    [InlineData("How have orders developed?", "Orders per month, the latest first: March 2026 2; February 2026 1.")]
    [InlineData("Is revenue growing in EUR?", "The total invoiced amount in EUR, 2026-01-01 to 2026-03-31 against 2025-01-01 to 2025-03-31: 780.50 EUR against 0.00 EUR, a difference of 780.50 EUR.")]
    [InlineData("Are orders declining?", "The number of orders, 2026-01-01 to 2026-03-31 against 2025-01-01 to 2025-03-31: 3 against 0, a difference of 3.")]
    [InlineData("Which customers on hold have open orders?", "There are no open orders of customers on hold.")]
    [InlineData("How many overdue invoices are from customers on hold?", "There are no overdue invoices of customers on hold.")]
    [InlineData("What percentage of customers on hold have open orders?", "There are no customers with open orders of customers on hold.")]
    [InlineData("overdue invoices of active customers", "Overdue invoices of active customers by customer, 3 rows: Acme 1; Birch 1; Cedar 1.")]
    [InlineData("What percentage of active customers have open orders?", "66.7% of 3 customers have open orders of active customers: 2.")]
    [InlineData("How much does the average customer owe us?", "The average open balance per customer is 355.25 EUR (2 customers) and 70.00 USD (1 customer).")]
    [InlineData("average overdue amount per customer", "The average overdue amount per customer is 230.00 EUR (2 customers) and 70.00 USD (1 customer).")]
    [InlineData("What did the average customer in Germany order in 2026?", "An average of what? For orders: ordered amount.")]
    [InlineData("total payments per method", "Received amount by method, 2 rows: card 40.00 EUR; bank transfer 30.00 EUR.")]
    [InlineData("total payments in march", "The total received amount from 2026-03-01 to 2026-03-31 is 40.00 EUR, over 1 payment.")]
    [InlineData("How many orders did we receive in march?", "There are 2 orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("How much did we sell in january in EUR?", "The total invoiced amount in EUR from 2026-01-01 to 2026-01-31 is 530.00 EUR, over 3 invoices.")]
    [InlineData("Which customers ordered for the first time in march?", "Ordered amount of orders of first-time customers from 2026-03-01 to 2026-03-31 by customer, 1 row: Birch 50.00 EUR.")]
    [InlineData("How many customers ordered for the first time since march?", "There is 1 customer with orders of first-time customers from 2026-03-01 to 2026-03-31.")]
    [InlineData("Which customers ordered for the first time?", "For the first time when? Ask for example \"… for the first time this year\".")]
    [InlineData("Who are our new customers this quarter?", "There are no new customers from 2026-01-01 to 2026-03-31.")]
    [InlineData("What percentage of customers in Germany have overdue invoices?", "100.0% of 2 customers in Germany have overdue invoices: 2.")]
    [InlineData("Has Acme paid all invoices from January?", "There is 1 open invoice of Acme from 2026-01-01 to 2026-01-31.")]
    [InlineData("Has Acme paid all its invoices of February 2026?", "There are no open invoices of Acme from 2026-02-01 to 2026-02-28.")]
    [InlineData("Which customers have paid all their invoices?", "There are no customers without open invoices.")]
    [InlineData("How many payments did we receive in march?", "There is 1 payment from 2026-03-01 to 2026-03-31.")]
    [InlineData("How many days overdue are invoices on average?", "The average of days overdue is 52.33, over 3 invoices.")]
    [InlineData("How late are customers paying on average this year?", "The average of days late from 2026-01-01 to 2026-12-31 is 4.00, over 1 invoice.")]
    [InlineData("cancellation rate this year", "0.0% of 3 orders from 2026-01-01 to 2026-12-31 are cancelled: 0.")]
    [InlineData("Which customer cancels most often?", "There are no cancelled orders.")]
    [InlineData("Which city generates the most revenue in EUR?", "City by invoiced amount in EUR, the highest first: Lyon 430.00 EUR; Hamburg 350.50 EUR.")]
    [InlineData("How many orders were placed before March?", "There is 1 order before 2026-03-01.")]
    [InlineData("How many orders were placed until the end of February 2026?", "There is 1 order before 2026-03-01.")]
    [InlineData("How many orders were placed after 2026-03-02?", "There is 1 order from 2026-03-03 to 2026-03-31.")]
    [InlineData("How many orders were placed after February?", "There are 2 orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("How many orders were placed up to 2026-03-02?", "There are 2 orders before 2026-03-03.")]
    [InlineData("How many orders were placed before 2026-03-02 in EUR?", "There is 1 order in EUR before 2026-03-02.")]
    [InlineData("Which invoices were issued before this month?", "There are 4 invoices before 2026-03-01; the latest come first.")]
    [InlineData("How much is due by the end of next month?", "The total open balance due before 2026-05-01 is 710.50 EUR and 70.00 USD, over 4 invoices.")]
    [InlineData("average revenue per quarter before this year in EUR", "The question does not say by what to group.")]
    [InlineData("How many orders before and after March?", "I do not know what \"before\", \"after\", \"march\" means in these data.")]
    [InlineData("Orders by priority before March", "Orders before 2026-03-01 by priority, 1 row: normal 1.")]
    [InlineData("How many orders were placed by the end of February?", "There is 1 order before 2026-03-01.")]
    [InlineData("What percentage of customers is in Germany?", "66.7% of 3 customers are in Germany: 2.")]
    [InlineData("What percentage of overdue invoices is from Germany?", "66.7% of 3 overdue invoices are in Germany: 2.")]
    [InlineData("What percentage of invoices from Germany is overdue?", "66.7% of 3 invoices in Germany are overdue: 2.")]
    [InlineData("What percentage of payments was by card?", "50.0% of 2 payments are by card: 1.")]
    [InlineData("What share of orders is from Acme?", "66.7% of 3 orders are of Acme: 2.")]
    [InlineData("What share of Acme's orders is rush?", "50.0% of 2 orders of Acme are rush: 1.")]
    [InlineData("What percentage of rush orders in March comes from Hamburg?", "50.0% of 2 rush orders from 2026-03-01 to 2026-03-31 are in Hamburg: 1.")]
    [InlineData("How long do customers take to pay?", "The average of days to pay is 35.00, over 1 invoice.")]
    [InlineData("How many invoices were overdue at the end of January?", "There are no overdue invoices as of 2026-01-31.")]
    [InlineData("How many invoices were overdue as of 2026-02-12?", "There are 4 overdue invoices as of 2026-02-12.")]
    [InlineData("How many invoices were open at the end of last month?", "There are 3 open invoices as of 2026-02-28.")]
    [InlineData("total open balance as of the end of February 2026 by customer", "Open balance as of 2026-02-28 by customer, by currency, the highest first: Birch 400.00 EUR; Cedar 70.00 USD.")]
    [InlineData("How much was overdue in EUR as of today?", "The total overdue amount in EUR as of 2026-03-31 is 460.00 EUR, over 2 invoices.")]
    [InlineData("How many invoices are overdue as of 2027-01-01?", "2027-01-01 has not come yet; how things stand can be told of a day up to today.")]
    [InlineData("How many customers had overdue invoices at the end of February?", "There are 3 customers with overdue invoices as of 2026-02-28.")]
    [InlineData("How many orders were open at the end of February?", "\"open\" is known of orders as they are now, not as they were on 2026-02-28.")]
    [InlineData("How many orders were placed as of the end of February?", "There is 1 order as of 2026-02-28.")]
    [InlineData("Which customers were over their credit limit as of 2026-02-28?", "\"over the credit limit\" is known of customers as they are now, not as they were on 2026-02-28.")]
    [InlineData("How many open orders are there as of today?", "There are 2 open orders as of 2026-03-31.")]
    public Task Ask_FiguresOfParts_Right(string question, string text) => SaysAsync(question, text);

    [Fact]
    public async Task Ask_AsOfADay_DefinitionsNameIt() =>
        Assert.Equal(["overdue: not fully paid and due before 2026-02-12"], (await AskAsync("How many invoices were overdue as of 2026-02-12?")).Answer.Assumptions);

    /// <summary>From the first to the last, whole; two spans are compared only when that is asked.</summary>
    [Theory]
    [InlineData("How many orders were placed between February and March?", "There are 3 orders from 2026-02-01 to 2026-03-31.")]
    [InlineData("How many orders were placed from November to February?", "There is 1 order from 2025-11-01 to 2026-02-28.")]
    [InlineData("How many orders were placed from November until February 2026?", "There is 1 order from 2025-11-01 to 2026-02-28.")]
    [InlineData("How many orders were placed between March 2025 and March 2026?", "There are 3 orders from 2025-03-01 to 2026-03-31.")]
    [InlineData("How many orders were placed from Q4 2025 to Q1?", "There are 3 orders from 2025-10-01 to 2026-03-31.")]
    [InlineData("How many orders from March?", "There are 2 orders from 2026-03-01 to 2026-03-31.")]
    [InlineData("How many orders during February", "There is 1 order from 2026-02-01 to 2026-02-28.")]
    [InlineData("total revenue of January in USD", "The total invoiced amount in USD from 2026-01-01 to 2026-01-31 is 70.00 USD, over 1 invoice.")]
    [InlineData("How many orders were placed before March this year?", "There is 1 order from 2026-01-01 to 2026-02-28.")]
    [InlineData("How many orders in February this year?", "There is 1 order from 2026-02-01 to 2026-02-28.")]
    [InlineData("How many orders in March last year?", "There are no orders from 2025-03-01 to 2025-03-31.")]
    [InlineData("How many orders last year in Q1?", "There are no orders from 2025-01-01 to 2025-03-31.")]
    [InlineData("How many orders in March 2026 last year?", "The question names two spans of time that have no day in common.")]
    public Task Ask_MonthsByName_AreTheSpan(string question, string text) => SaysAsync(question, text);

    [Theory]
    [InlineData("What was our revenue in March compared to January?", "The total invoiced amount, 2026-03-01 to 2026-03-31 against 2026-01-01 to 2026-01-31: 250.50 EUR against 530.00 EUR, a difference of -279.50 EUR (-52.7%); 0.00 USD against 70.00 USD, a difference of -70.00 USD (-100.0%).")]
    [InlineData("how did invoiced amounts change from January to March 2026?", "The total invoiced amount, 2026-03-01 to 2026-03-31 against 2026-01-01 to 2026-01-31: 250.50 EUR against 530.00 EUR, a difference of -279.50 EUR (-52.7%); 0.00 USD against 70.00 USD, a difference of -70.00 USD (-100.0%).")]
    [InlineData("What was our revenue this quarter compared to the quarter before in USD?", "The total invoiced amount in USD, 2026-01-01 to 2026-03-31 against 2025-10-01 to 2025-12-31: 70.00 USD against 0.00 USD, a difference of 70.00 USD.")]
    [InlineData("compare revenue in Q1 and Q4 in USD", "The total invoiced amount in USD, 2026-01-01 to 2026-03-31 against 2025-10-01 to 2025-12-31: 70.00 USD against 0.00 USD, a difference of 70.00 USD.")]
    [InlineData("How many orders were placed in March vs February?", "The number of orders, 2026-03-01 to 2026-03-31 against 2026-02-01 to 2026-02-28: 2 against 1, a difference of 1 (100.0%).")]
    [InlineData("How many more orders were placed last month than the month before?", "The number of orders, 2026-02-01 to 2026-02-28 against 2026-01-01 to 2026-01-31: 1 against 0, a difference of 1.")]
    [InlineData("How many orders did Acme place in March compared with February?", "The number of orders of Acme, 2026-03-01 to 2026-03-31 against 2026-02-01 to 2026-02-28: 1 against 1, a difference of 0 (0.0%).")]
    [InlineData("average order value in March versus February", "The average ordered amount, 2026-03-01 to 2026-03-31 against 2026-02-01 to 2026-02-28: 75.00 EUR against 200.00 EUR, a difference of -125.00 EUR (-62.5%).")]
    [InlineData("How many customers placed orders in March vs February?", "The number of customers with orders, 2026-03-01 to 2026-03-31 against 2026-02-01 to 2026-02-28: 2 against 1, a difference of 1 (100.0%).")]
    [InlineData("average days late in February vs January", "The average days late, 2026-02-01 to 2026-02-28 against 2026-01-01 to 2026-01-31: none against 4.00.")]
    public async Task Ask_TwoPeriods_BothFiguresAndTheirDifference(string question, string text)
    {
        var response = await AskAsync(question, question.Contains("Acme", StringComparison.Ordinal) ? Acme : []);

        Assert.Equal(text, response.Answer?.Text ?? response.Refusal.Text);
        Assert.True(response.Answer!.Parameters.ContainsKey("before_from"));
        Assert.Equal(["difference", "change in percent"], response.Answer.Result.Columns.Select(column => column.Name).TakeLast(2));
    }

    [Fact]
    public async Task Ask_PeriodThatHasNotEnded_ComparedWithTheSameSpanBefore()
    {
        var answer = (await AskAsync("revenue this year vs last year")).Answer;

        Assert.StartsWith("The total invoiced amount, 2026-01-01 to 2026-03-31 against 2025-01-01 to 2025-03-31: ", answer.Text, StringComparison.Ordinal);
        Assert.Contains("the later period has not ended: it is taken up to today and compared with 2025-01-01 to 2025-03-31", answer.Assumptions);
    }

    [Fact]
    public async Task Ask_PeriodsOfDifferentLength_Said() =>
        Assert.Contains("the periods are of different length: 31 days against 365", (await AskAsync("compare revenue in March 2026 and 2025")).Answer.Assumptions);

    [Theory]
    [InlineData("compare revenue by country in Q1 and Q4")]
    [InlineData("compare revenue")]
    [InlineData("how did revenue change in January, February and March?")]
    [InlineData("How many customers ordered more this year than last year?")]
    [InlineData("Which customers ordered more in March than in February?")]
    [InlineData("compare profit in Q1 and Q4")]
    public async Task Ask_ComparisonThatIsNotOfTwoFigures_Refused(string question) => Assert.NotNull((await AskAsync(question)).Refusal);

    [Theory]
    [InlineData("Top 5 customers by revenue", "Customer B Birch, Customer A Acme, Customer C Cedar")]
    [InlineData("Overdue amount by customer", "Customer B Birch, Customer A Acme, Customer C Cedar")]
    [InlineData("list customers in France", "Customer B Birch")]
    [InlineData("List orders of this year", "Order O3 SO-3, Order O1 SO-1, Order O2 SO-2")]
    [InlineData("Which invoices are overdue for more than 58 days?", "Invoice I1 INV-1")]
    [InlineData("Orders by priority", "")]
    [InlineData("How many invoices are overdue?", "")]
    [InlineData("list payments", "")]
    public async Task Ask_Rows_SayWhatTheyAreAbout(string question, string entities)
    {
        var answer = (await AskAsync(question)).Answer;

        Assert.Equal(entities, string.Join(", ", answer.RowEntities.Select(entity => $"{entity.Type} {entity.Id} {entity.Name}")));
        Assert.DoesNotContain(answer.Result.Columns, column => column.Name == QuestionStatement.KeyColumn);
        Assert.All(answer.Result.Rows, row => Assert.Equal(answer.Result.Columns.Count, row.Cells.Count));
    }

    [Fact]
    public async Task Ask_TopCustomers_RankedWithinCurrency()
    {
        var answer = (await AskAsync("Top 5 customers by revenue")).Answer;

        Assert.Equal(["Birch EUR 430.00", "Acme EUR 350.50", "Cedar USD 70.00"], answer.Result.Rows.Select(row => string.Join(' ', row.Cells.Select(cell => cell.Text))));
        Assert.Contains(answer.Warnings, warning => warning.Contains("currencies", StringComparison.Ordinal));
        Assert.Equal(Contracts.DataQuestions.V1.Method.Template, answer.Method);
        Assert.Equal("5", answer.Parameters["top"]);
        Assert.Equal(100, answer.Confidence, 6);
    }

    [Fact]
    public async Task Ask_AmountsByCurrency_EachCurrencyStandsInOneColumn()
    {
        var table = (await AskAsync("total overdue by currency")).Answer.Result;

        Assert.Equal(["currency", "overdue amount", "invoices"], table.Columns.Select(column => column.Name));
        Assert.Equal(["EUR 460.00 2", "USD 70.00 1"], table.Rows.Select(row => string.Join(' ', row.Cells.Select(cell => cell.Text))));
    }

    [Fact]
    public async Task Ask_CustomerOverItsLimit_IsFound()
    {
        await database.ExecuteAsync("UPDATE domain.customers SET credit_limit = 69.99 WHERE organization_id = 'default' AND customer_id = 'C'");

        var answer = (await AskAsync("Which customers are over their credit limit?")).Answer;

        Assert.Equal(["Cedar"], answer.Result.Rows.Select(row => row.Cells[0].Text));
        Assert.Equal("There is 1 customer over the credit limit.", answer.Text);
    }

    [Theory]
    [InlineData(80, "There is 1 customer near the credit limit.")]
    [InlineData(70, "There is 1 customer near the credit limit.")]
    [InlineData(100, "There are no customers near the credit limit.")]
    [InlineData(69.99, "There are no customers near the credit limit.")]
    public async Task Ask_CustomersCloseToTheirLimit_ThoseFrom80To100Percent(double limit, string expected)
    {
        await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE domain.customers SET credit_limit = {limit} WHERE organization_id = 'default' AND customer_id = 'C'"));

        Assert.Equal(expected, (await AskAsync("Which customers are close to their credit limit?")).Answer.Text);
    }

    [Fact]
    public async Task Ask_InvoicesInAnotherCurrency_AreNotWeighedAgainstTheLimit()
    {
        await database.ExecuteAsync("UPDATE domain.customers SET credit_limit = 69.99, currency = 'EUR' WHERE organization_id = 'default' AND customer_id = 'C'");

        Assert.Equal("There are no customers over the credit limit.", (await AskAsync("Which customers are over their credit limit?")).Answer.Text);
    }

    [Theory]
    [InlineData("Ageing report")]
    [InlineData("Show me the aging of our receivables")]
    [InlineData("Open balance by age")]
    public async Task Ask_Ageing_OpenBalanceByAgeTheYoungestFirst(string question)
    {
        var answer = (await AskAsync(question)).Answer;

        Assert.Equal(
            ["not yet due EUR 250.50 1", "31 to 60 days overdue EUR 460.00 2", "31 to 60 days overdue USD 70.00 1"],
            answer.Result.Rows.Select(row => string.Join(' ', row.Cells.Select(cell => cell.Text))));
        Assert.Equal("Open balance by age, in 2 currencies.", answer.Text);
        Assert.Contains("age: days since the due day", answer.Assumptions);
    }

    [Fact]
    public async Task Ask_AgeingOfOneCurrency_NamesTheAmounts() =>
        Assert.Equal("Open balance of Acme by age, 2 rows: not yet due 250.50 EUR; 31 to 60 days overdue 60.00 EUR.", (await AskAsync("Ageing of Acme", [("A", "Acme")])).Answer.Text);

    [Fact]
    public async Task Ask_HowManyInvoicesByAge_CountsThem() =>
        Assert.Equal("Open invoices by age, 2 rows: not yet due 1; 31 to 60 days overdue 3.", (await AskAsync("How many open invoices by age?")).Answer.Text);

    [Theory]
    [InlineData("Who pays fastest?", "Customer by days to pay, the lowest first: Cedar 2.00; Birch 35.00.")]
    [InlineData("Top 1 fastest payers", "Customer by days to pay, the lowest first: Cedar 2.00.")]
    [InlineData("Slowest payers", "Days late by customer, 2 rows: Birch 4.00; Cedar 0.00.")]
    [InlineData("Top 1 slowest payers", "Customer by days late, the highest first: Birch 4.00.")]
    [InlineData("Which customers pay early?", "Invoices paid early by customer, 1 row: Cedar 1.")]
    [InlineData("What percentage of invoices was paid early?", "50.0% of 2 paid invoices were paid early: 1.")]
    public async Task Ask_QuickPayers_AreToldByTheirInvoices(string question, string expected)
    {
        await database.ExecuteAsync("INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at, method) VALUES ('default', 'P9', 'I4', 70, 'USD', '2026-01-12Z', 'card')");

        Assert.Equal(expected, (await AskAsync(question)).Answer.Text);
    }

    [Fact]
    public async Task Ask_NameThatEndsWithAPoint_OneFullStop()
    {
        var response = await AskAsync("List overdue invoices of Birkdale B.V.", [("X", "Birkdale B.V.")]);

        Assert.Equal("There are no overdue invoices of Birkdale B.V.", response.Answer.Text);
    }

    [Fact]
    public async Task Ask_AverageByGroup_CurrenciesAreNotRankedAgainstEachOther()
    {
        var answer = (await AskAsync("Average invoiced amount by country")).Answer;

        Assert.Equal(["EUR", "EUR", "USD"], answer.Result.Rows.Select(row => row.Cells[1].Text));
        Assert.StartsWith("Average invoiced amount by country, by currency, the highest first: France 215.00 EUR; Germany 70.00 USD", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_TopOne_OnlyTheFirst()
    {
        var rows = (await AskAsync("top 1 customers by open balance")).Answer.Result.Rows;

        Assert.Equal(["Birch", "Cedar"], rows.Select(row => row.Cells[0].Text));
    }

    [Fact]
    public async Task Ask_ListOfCustomer_OnlyItsRows()
    {
        var answer = (await AskAsync("List overdue invoices of Acme", Acme)).Answer;

        Assert.Equal(["INV-1"], answer.Result.Rows.Select(row => row.Cells[0].Text));
        Assert.Equal("60.00", answer.Result.Rows[0].Cells[answer.Result.Columns.ToList().FindIndex(column => column.Name == "outstanding")].Text);
    }

    [Fact]
    public async Task Ask_MoreRowsThanAllowed_CutAndSaid()
    {
        var answer = (await AskAsync("list invoices", maxRows: 2)).Answer;

        Assert.Equal(2, answer.Result.Rows.Count);
        Assert.True(answer.Result.Truncated);
        Assert.NotEmpty(answer.Warnings);
    }

    [Theory]
    [InlineData("What will revenue be next year?")]
    [InlineData("How many invoices were shipped this week?")]
    [InlineData("How many invoices are not overdue?")]
    [InlineData("invoices between 2024 and 2025")]
    [InlineData("What is the weather in Berlin?")]
    [InlineData("customers by credit limit")]
    [InlineData("average invoices")]
    [InlineData("total amount")]
    [InlineData("drop table domain.invoices")]
    [InlineData("'; DELETE FROM domain.payments; --")]
    [InlineData("open balance of Umbrella Corp")]
    [InlineData("orders and invoices by country")]
    [InlineData("the")]
    public async Task Ask_NotUnderstoodForSure_RefusedWithSuggestions(string question)
    {
        var response = await AskAsync(question);

        Assert.Null(response.Answer);
        Assert.NotEmpty(response.Refusal.Text);
        Assert.Contains("Total open balance", response.Refusal.Suggestions);
    }

    [Theory]
    [InlineData("Which customers are at risk?")]
    [InlineData("How healthy are our receivables?")]
    public async Task Ask_VagueWord_RefusedWithWhatCanBeAsked(string question)
    {
        var response = await AskAsync(question);

        Assert.Equal("ambiguous", response.Refusal?.Code);
        Assert.All(response.Refusal!.Suggestions, suggestion => Assert.Contains($"\"{suggestion}\"", response.Refusal.Text, StringComparison.Ordinal));
        Assert.NotEmpty(response.Refusal.Suggestions);
    }

    [Fact]
    public async Task Ask_ValueOfAnotherOrganization_Refused() => Assert.Equal("unanswerable", (await AskAsync("How many customers are in Olympus?")).Refusal?.Code);

    [Theory]
    [InlineData("How many customers are in Hambrug?", "I do not know what \"hambrug\" means in these data. Did you mean the city \"Hamburg\"?", "How many customers are in Hamburg?")]
    [InlineData("Overdue amount in the wholesale trad industry", "I do not know what \"wholesale trad\" means in these data. Did you mean the industry \"Wholesale Trade\"?", "Overdue amount in the Wholesale Trade industry")]
    [InlineData("How many payments by bank transfr?", "I do not know what \"bank transfr\" means in these data. Did you mean the method \"bank transfer\"?", "How many payments by bank transfer?")]
    [InlineData("How many customers in Berlin?", "No customer is in \"berlin\": these data have no country, city, industry or segment of that name.", "How many customers by city?")]
    public async Task Ask_ValueThatIsNotThere_SaysSoAndWhatToAsk(string question, string text, string suggestion)
    {
        var refusal = (await AskAsync(question)).Refusal;

        Assert.Equal(text, refusal?.Text);
        Assert.Contains(suggestion, refusal!.Suggestions);
        Assert.NotNull((await AskAsync(suggestion)).Answer);
    }


    [Fact]
    public async Task Ask_EveryExample_Answered()
    {
        foreach (var example in datasets.Find("")!.ExampleQuestions)
        {
            Assert.NotNull((await AskAsync(example)).Answer);
        }
    }

    [Fact]
    public async Task Ask_EveryWordOfTheDictionary_ValidSql()
    {
        var asked = 0;
        foreach (var subject in datasets.Find("")!.Subjects)
        {
            List<string> questions = [$"list {subject.Words[0]}", $"{subject.Words[0]} per quarter", $"which year had the most {subject.Words[0]}", $"average number of {subject.Words[0]} per week"];
            questions.AddRange(subject.Measures.SelectMany(measure => measure.TotalWords.Select(total => $"average {total} of {subject.Words[0]} per month").Concat(measure.HighestWords.Select(highest => $"{highest} {subject.Words[0]}"))));
            questions.AddRange(subject.Verbs.Select(verb => $"which customers {verb} at least twice"));
            questions.AddRange(subject.Filters.Select(filter => $"how many {filter.Words.Concat(filter.NamedWords).First()} {subject.Words[0]}{(filter.NeedsPeriod ? " this year" : "")}"));
            questions.AddRange(subject.Measures.SelectMany(measure => (string[])[$"total {measure.Words[0]} of {subject.Words[0]}", $"average {measure.Words[0]} of {subject.Words[0]}", $"top 3 {subject.Words[0]} by {measure.Words[0]}", $"{measure.Words[0]} of {subject.Words[0]} per month"]));
            questions.AddRange(datasets.Find("")!.Dimensions.Concat(subject.Dimensions).Where(dimension => dimension.Name != "customer").Select(dimension => $"{subject.Words[0]} by {dimension.Words[0]}"));
            foreach (var question in questions)
            {
                var response = await AskAsync(question);
                Assert.True(response.Answer is not null, $"{question}: {response.Refusal?.Text}");
                asked++;
            }
        }

        Assert.InRange(asked, 50, 200);
    }

    [Fact]
    public async Task Ask_SlowStatement_TypedRefusal()
    {
        var slow = datasets.Find("")!.Subjects.Find(subject => subject.Name == "orders")!;
        slow.From = "SELECT o.*, (o.created_at AT TIME ZONE 'UTC')::date AS ordered_on, pg_sleep(5) FROM domain.sales_orders o WHERE o.organization_id = @organization";

        var response = await AskAsync("list orders", options: new QuestionOptions { StatementTimeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal("timeout", response.Refusal.Code);
    }

    [Fact]
    public async Task Ask_StatementThatWrites_RefusedByTheTransaction()
    {
        var evil = datasets.Find("")!.Subjects.Find(subject => subject.Name == "payments")!;
        evil.From = "SELECT y.*, '' AS invoice_number, '' AS customer_id, nextval('app.usage_id_seq') AS paid_on FROM domain.payments y WHERE y.organization_id = @organization";

        var exception = await Assert.ThrowsAnyAsync<Npgsql.PostgresException>(() => AskAsync("how many payments"));

        Assert.Equal(Npgsql.PostgresErrorCodes.ReadOnlySqlTransaction, exception.SqlState);
    }

    /// <summary>Asks it, of Acme where that is named, and compares the answer, or the refusal, word for word.</summary>
    private async Task SaysAsync(string question, string text)
    {
        var response = await AskAsync(question, question.Contains("Acme", StringComparison.Ordinal) ? Acme : []);

        Assert.Equal(text, response.Answer?.Text ?? response.Refusal.Text);
    }

    private async Task<AskResponse> AskAsync(string question, IReadOnlyList<(string, string)>? customers = null, int maxRows = 0, QuestionOptions? options = null)
    {
        var monitor = new FixedOptions<QuestionOptions>(options ?? new QuestionOptions());
        var clock = new ManualTime(new DateTimeOffset(2026, 3, 31, 10, 0, 0, TimeSpan.Zero));
        var runner = new StatementRunner(database.Source, monitor);
        var answerer = new QuestionAnswerer(runner, new DimensionValues(runner), monitor, new DataQuestionsMetrics(new MeterFactory()), clock, NullLogger<QuestionAnswerer>.Instance);
        return await answerer.AskAsync(datasets.Find("")!, "default", question, customers ?? [], maxRows, _ => Task.CompletedTask, TestContext.Current.CancellationToken);
    }
}
