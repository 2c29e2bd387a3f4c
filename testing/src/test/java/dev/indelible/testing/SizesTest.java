package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and methods of the program are short enough to be read at once. */
class SizesTest {

  /** The most lines of a file. */
  private static final int MAX_FILE_LINES = 500;

  /** The most lines of a method, from its first annotation to its last brace. */
  private static final int MAX_METHOD_LINES = 60;

  private static final int FEWEST_FILES = 500;

  /** Everything that is too long, as {@code file:line: what, lines}. */
  private static List<String> tooLong(List<Path> sources) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      long lines;
      try (Stream<String> text = Files.lines(source)) {
        lines = text.count();
      }
      if (lines > MAX_FILE_LINES) {
        found.add("%s: the file, %d lines".formatted(source.getFileName(), lines));
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(unit, positions, found).scan(unit, null);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return found;
  }

  private static final class Methods extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    Methods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      long start = positions.getStartPosition(unit, method);
      long end = positions.getEndPosition(unit, method);
      // The constructor that the compiler adds is nowhere.
      if (start >= 0 && end >= 0) {
        LineMap lines = unit.getLineMap();
        long first = lines.getLineNumber(start);
        long count = lines.getLineNumber(end) - first + 1;
        if (count > MAX_METHOD_LINES) {
          found.add(
              "%s:%d: %s, %d lines"
                  .formatted(
                      Path.of(unit.getSourceFile().getName()).getFileName(),
                      first,
                      method.getName(),
                      count));
        }
      }
      return super.visitMethod(method, null);
    }
  }

  @Test
  void noFileAndNoMethodIsTooLong() throws IOException {
    List<Path> sources = SourceFiles.ofTheProgram();
    assertThat(sources).hasSizeGreaterThan(FEWEST_FILES);
    assertThat(tooLong(sources)).isEmpty();
  }

  @Test
  void theRuleFindsLongFilesAndLongMethods(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("Long.java");
    String body = "    int a = 1;\n".repeat(MAX_METHOD_LINES - 1);
    Files.writeString(
        file, "class Long {\n  void longer() {\n" + body + "  }\n}\n" + "\n".repeat(500));
    assertThat(tooLong(List.of(file)))
        .containsExactly("Long.java: the file, 563 lines", "Long.java:2: longer, 61 lines");
    Files.writeString(file, "class Long {\n  void longest() {\n" + body.substring(15) + "  }\n}\n");
    assertThat(tooLong(List.of(file))).isEmpty();
  }
}
