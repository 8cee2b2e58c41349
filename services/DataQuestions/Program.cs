using Platform.DataQuestions;
using Platform.DataQuestions.Datasets;
using Platform.DataQuestions.Facts;
using Platform.DataQuestions.Questions;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformDatabase();
builder.AddPlatformRedis();
builder.Services.AddSingleton<DataQuestionsMetrics>();
builder.AddFacts();
builder.AddDatasets();
builder.AddQuestions();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<FactsGrpcService>();
app.MapGrpcService<QuestionsGrpcService>();
await app.RunAsync();
