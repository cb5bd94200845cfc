enum HistoryRoom {}
