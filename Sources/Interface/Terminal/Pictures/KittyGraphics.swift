import Cells
import FoundationEssentials

/// The commands of the kitty protocol.
///
/// All are quiet: no answer of the terminal gets among the keys.
enum KittyGraphics {
    /// The base64 that one command may carry.
    static let chunkLength = 4096

    /// Sends a PNG.
    ///
    /// - Parameter cells: The cells that will stand for its pieces; nil when it is put somewhere later.
    static func transmit(_ png: [UInt8], id: UInt32, cells: Size?) -> [String] {
        let data = Data(png).base64EncodedString()
        var keys = "a=t,i=\(id),f=100,t=d,q=2"
        if let cells { keys = "a=T,U=1,i=\(id),f=100,t=d,c=\(cells.columns),r=\(cells.rows),q=2" }
        var commands: [String] = []
        var rest = Substring(data)
        repeat {
            let chunk = rest.utf8.prefix(chunkLength)
            rest = rest[chunk.endIndex...]
            let more = rest.isEmpty ? 0 : 1
            let head = commands.isEmpty ? "\(keys),m=\(more)" : "m=\(more),q=2"
            commands.append(command(head, Substring(chunk)))
        } while !rest.isEmpty
        return commands
    }

    /// Puts a part of a picture at the cursor, which stays where it is.
    static func place(id: UInt32, placement: UInt32, part: PixelRect) -> String {
        command(
            "a=p,i=\(id),p=\(placement),x=\(part.x),y=\(part.y),w=\(part.width),h=\(part.height),C=1,q=2", "")
    }

    /// Takes a part away again.
    static func remove(id: UInt32, placement: UInt32) -> String { command("a=d,d=i,i=\(id),p=\(placement),q=2", "") }

    /// Forgets a picture.
    static func delete(id: UInt32) -> String { command("a=d,d=I,i=\(id),q=2", "") }

    /// A command inside of one that tmux passes on as it is.
    static func throughTmux(_ command: String) -> String {
        "\u{1B}Ptmux;" + command.replacing("\u{1B}", with: "\u{1B}\u{1B}") + "\u{1B}\\"
    }

    private static func command(_ keys: String, _ payload: Substring) -> String {
        payload.isEmpty ? "\u{1B}_G\(keys)\u{1B}\\" : "\u{1B}_G\(keys);\(payload)\u{1B}\\"
    }
}
