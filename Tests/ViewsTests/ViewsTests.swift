enum ViewsTestsRoom {}
