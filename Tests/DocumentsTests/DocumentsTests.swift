enum DocumentsTestsRoom {}
