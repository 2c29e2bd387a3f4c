package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Thrown when a profile, or what a tenant changes of one, is not one. */
public final class ProfileFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  ProfileFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  /** Creates an exception from the problems of a document. */
  ProfileFormatException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.pointer() + " " + problem.detail())
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Creates an exception from the problems of a file; the message names file and line of each. */
  ProfileFormatException(String file, List<Problem> problems, ToIntFunction<String> lines) {
    super(
        problems.stream()
            .map(
                problem ->
                    "%s line %d: %s %s"
                        .formatted(
                            file,
                            lines.applyAsInt(problem.pointer()),
                            problem.pointer(),
                            problem.detail()))
            .collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong, with JSON pointers; empty when it could not even be parsed. */
  public List<Problem> problems() {
    return problems;
  }
}
