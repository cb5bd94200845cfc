enum HistoryTestsRoom {}
