import Desktop
import Foundation
import Media
import TestSupport
import Testing

extension EndToEnd {
    /// Exported pages in a browser that people use.
    @Suite(
        "Pages in a browser", .timeLimit(.minutes(3)), .enabled(if: isProgramInstalled("chromium"), "needs chromium"))
    struct BrowserTests {
        /// Everything that would change the page's title if it ran.
        private static let hostile = """
            </title><script>document.title='OWNED'</script> <img src=x onerror="document.title='OWNED'">

            [link](javascript:document.title='OWNED') ![picture](javascript:document.title='OWNED')
            <svg/onload=document.title='OWNED'><iframe src="javascript:top.document.title='OWNED'"></iframe>
            <style>body{display:none}</style><meta http-equiv=refresh content="0;url=data:text/html,OWNED">

            ```html
            </code></pre><script>document.title='OWNED'</script>
            ```
            """

        @Test("Nothing of what an engine says runs, and pictures are there without a network")
        func page() async throws {
            let engine = try ScriptedEngine.replying(.reply(reasoning: Self.hostile, answer: Self.hostile))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let asked = try await program.run(
                "ask", "--json", "-a", Program.fixtures + "/media/red-circle.png", Self.hostile)
            let chat = try #require(asked.json["chat"] as? String, "\(asked)")
            let rename = try await program.run(
                "chats", "rename", chat, "</title><script>document.title='OWNED'</script>")
            #expect(rename.status == 0)
            let path = program.home + "/page.html"
            #expect(try await program.run("chats", "export", chat, "-f", "html", "-o", path).status == 0)

            let home = program.home
            let browser = [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(home)/chromium",
                "--virtual-time-budget=3000",
            ]
            let page = try await onThread { try capture(browser + ["--dump-dom", "file://\(path)"]) }
            #expect(page.contains("<title>&lt;/title&gt;&lt;script&gt;"), "\(page)")
            for element in ["<script", "<iframe", "<svg", "<img src=\"x", "<a href=\"javascript"] {
                #expect(!page.contains(element), "\(element)")
            }

            // The same bytes are drawn: there is red of the picture on the page.
            let shot = home + "/page.png"
            _ = try await onThread { try capture(browser + ["--screenshot=\(shot)", "file://\(path)"]) }
            let frame = try StillDecoder().decode(Array(try Data(contentsOf: URL(filePath: shot))))
            let size = frame.format.bytesPerPixel
            let red = frame.pixels.withBytes { bytes in
                stride(from: 0, to: frame.height * frame.width, by: 7).count { place in
                    let start = place / frame.width * frame.stride + place % frame.width * size
                    let colors = bytes[start..<start + 3]
                    return colors.count { $0 > 180 } == 1 && colors.count { $0 < 90 } == 2
                }
            }
            #expect(red > 50, "\(red) pixels of the picture")
        }
    }
}
