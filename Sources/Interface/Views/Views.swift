enum ViewsRoom {}
