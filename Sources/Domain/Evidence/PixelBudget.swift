enum EvidenceRoom {}
