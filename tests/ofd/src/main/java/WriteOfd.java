import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.ofdrw.layout.OFDDoc;
import org.ofdrw.layout.element.Paragraph;
import org.ofdrw.layout.element.Span;

/** Writes each line of a text as a paragraph of an OFD file, indented by two characters; any number of pairs of both. */
public class WriteOfd {
    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < arguments.length; i += 2) {
            write(Paths.get(arguments[i]), Paths.get(arguments[i + 1]));
        }
    }

    private static void write(Path plan, Path target) throws Exception {
        try (OFDDoc document = new OFDDoc(target)) {
            for (String line : Files.readAllLines(plan, StandardCharsets.UTF_8)) {
                if (line.isBlank()) {
                    continue;
                }
                Paragraph paragraph = new Paragraph();
                paragraph.add(new Span(line.strip()).setFontSize(4d));
                paragraph.setFirstLineIndent(2);
                document.add(paragraph);
            }
        }
    }
}
