import "@azure/identity";
