import TestSupport
import Testing

@testable import History

@Suite struct SHA256Tests {
    @Test(
        "gives the digests of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ])
    func vectors(text: String, digest: String) {
        #expect(SHA256.hash(Array(text.utf8)) == digest)
    }

    @Test("hashes a million letters") func million() {
        let digest = SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))

        #expect(digest == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// The expected digest is that of all the digests in a row, computed with sha256sum.
    @Test("pads every length around the block boundaries") func lengths() {
        var all = ""
        for length in 0...260 { all += SHA256.hash((0..<length).map { UInt8($0 % 251) }) }

        #expect(SHA256.hash(Array(all.utf8)) == "c11ff8eb15fc08b622bc7bcc461e3735e2d64a68a0ca045615fa1e768386f660")
    }

    @Test("does not mind how the bytes are cut") func pieces() {
        var random = SeededRandom(seed: 7)
        let bytes = random.bytes(5000)
        let whole = SHA256.hash(bytes)

        for _ in 0..<50 {
            var hash = SHA256()
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(200, rest.count), using: &random)
                hash.update(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(hash.finish() == whole)
        }
    }
}
