import Testing

@testable import Documents

@Suite struct RecognizerLanguagesTests {
    private func names(_ wanted: [String] = [], _ installed: [String], _ locale: String? = nil) -> [String] {
        RecognizerLanguages(wanted: wanted, installed: installed, locale: locale).names
    }

    @Test("The few languages that are installed are all tried, English first, and what is no language is not")
    func few() {
        #expect(
            names([], ["chi_sim", "chi_sim_vert", "eng", "equ", "osd", "script/Latin", "snum"]) == ["eng", "chi_sim"])
        #expect(names([], ["deu"]) == ["deu"])
        #expect(names([], ["osd"]) == [])
    }

    @Test("Of many installed ones the locale's is tried beside English")
    func many() {
        let installed = ["ara", "chi_sim", "chi_tra", "deu", "eng", "fra", "osd"]
        #expect(names([], installed, "de_AT.UTF-8") == ["eng", "deu"])
        #expect(names([], installed, "zh_CN.UTF-8") == ["eng", "chi_sim"])
        #expect(names([], installed, "zh_HK") == ["eng", "chi_tra"])
        #expect(names([], installed, "C.UTF-8") == ["eng"])
        #expect(names([], installed, nil) == ["eng"])
    }

    @Test("What a person set is tried as far as it is installed, and nothing else")
    func wanted() {
        #expect(names(["jpn", "deu"], ["chi_sim", "deu", "eng"], "zh_CN") == ["eng", "deu"])
    }
}
