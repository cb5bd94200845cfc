enum ConversationTestsRoom {}
