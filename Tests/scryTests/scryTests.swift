enum scryTestsRoom {}
