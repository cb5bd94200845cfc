enum EvidenceTestsRoom {}
