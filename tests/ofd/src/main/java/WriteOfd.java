import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.ofdrw.layout.OFDDoc;
import org.ofdrw.layout.element.Paragraph;
import org.ofdrw.layout.element.Span;

/** Writes each line of a text as a paragraph of an OFD file, indented by two characters. */
public class WriteOfd {
    public static void main(String[] arguments) throws Exception {
        Path target = Paths.get(arguments[1]);
        try (OFDDoc document = new OFDDoc(target)) {
            for (String line : Files.readAllLines(Paths.get(arguments[0]), StandardCharsets.UTF_8)) {
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
