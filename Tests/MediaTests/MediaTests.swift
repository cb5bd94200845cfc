enum MediaTestsRoom {}
