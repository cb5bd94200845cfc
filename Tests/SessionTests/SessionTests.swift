enum SessionTestsRoom {}
