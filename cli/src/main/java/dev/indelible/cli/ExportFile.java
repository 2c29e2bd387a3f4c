package dev.indelible.cli;

import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.ProgressBar;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.ExportJob;
import dev.indelible.client.ExportOrder;
import dev.indelible.client.Exports;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.RetryPolicy;
import dev.indelible.client.UnreachableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The other kind of {@code export}: the server makes a file of what a query finds, and this waits
 * for it and fetches it. Whoever breaks off here does not break it off there.
 */
final class ExportFile {

  /** A person waits, and sees that it does. */
  static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofMinutes(2));

  /** Minutes, hours or days before now, as the query language has them too. */
  private static final Pattern AGO = Pattern.compile("-(\\d{1,6})([mhd])");

  @Parameters(
      paramLabel = "QUERY",
      arity = "0..*",
      description = "With --format: qualifiers and words; all of them must hold.")
  private List<String> query = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "A file of what QUERY finds, made by the server: csv, json, ndjson, xlsx or pdf."
              + " XLSX keeps ids such as 00123 in a spreadsheet; CSV does not.")
  private @Nullable String format;

  @Option(
      names = "--job",
      paramLabel = "ID",
      description = "Take up an export that was begun before: wait for it and download it.")
  private @Nullable String job;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "With --format: the earliest, RFC 3339, or -7d, -24h.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "With --format: before which, likewise.")
  private @Nullable String to;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "With --format: time zone of the query's days, such as Europe/Berlin (UTC).")
  private @Nullable String zone;

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description = "With --format csv or xlsx: these columns, separated by commas (all).")
  private List<String> columns = List.of();

  @Option(
      names = "--language",
      paramLabel = "LANGUAGE",
      description = "With --format: that of the texts in it, en or de.")
  private @Nullable String language;

  /** Whether the command line asks for this kind of export. */
  boolean isAsked() {
    return format != null || job != null;
  }

  /** An option that only this kind of export has, although it is not asked for; or null. */
  @Nullable String strayOption() {
    if (isAsked()) {
      return null;
    }
    if (!query.isEmpty()) {
      return "a query";
    }
    if (from != null) {
      return "--from";
    }
    if (to != null) {
      return "--to";
    }
    if (zone != null) {
      return "--zone";
    }
    if (language != null) {
      return "--language";
    }
    return columns.isEmpty() ? null : "--columns";
  }

  /**
   * Waits for the export and fetches its file.
   *
   * @param out the file, or null for the name that the server gives it, in the present folder
   */
  Integer run(
      Terminal terminal,
      ConnectionOptions options,
      @Nullable Path out,
      boolean withoutPersonal,
      @Nullable String reason)
      throws InterruptedException {
    if (format != null && job != null) {
      throw new CommandFailure(ExitCode.USAGE, "--job has a format already");
    }
    if (out != null && Files.exists(out)) {
      throw new CommandFailure(ExitCode.USAGE, out + " exists already");
    }
    String tenant = options.requiredTenant(terminal);
    ProgressBar bar = new ProgressBar(terminal, InstantSource.system());
    String id = job;
    try (IndelibleClient client =
        options.client(
            terminal,
            RETRY,
            remark -> {
              bar.clear();
              terminal.err().println(remark);
            })) {
      Exports exports = client.forTenant(tenant).exports();
      ExportOrder order = format == null ? null : order(format, withoutPersonal, reason);
      if (order != null) {
        id = exports.begin(order).id();
        terminal.err().println("The export has begun; --job " + id + " takes it up again.");
      }
      ExportJob done = exports.await(String.valueOf(id), each -> show(bar, each));
      bar.clear();
      return fetch(terminal, exports, done, out, bar);
    } catch (RefusedException refusal) {
      bar.clear();
      throw Answers.refused(refusal, String.join(" ", query));
    } catch (UnreachableException failure) {
      bar.clear();
      throw unavailable(id, String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      bar.clear();
      throw unavailable(
          id, failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }
  }

  private ExportOrder order(String asked, boolean withoutPersonal, @Nullable String reason) {
    ExportOrder order = ExportOrder.of(asked).query(String.join(" ", query));
    order = from == null ? order : order.from(time("--from", from));
    order = to == null ? order : order.to(time("--to", to));
    order = zone == null ? order : order.zone(zone);
    order = columns.isEmpty() ? order : order.columns(columns);
    order = language == null ? order : order.language(language);
    order = reason == null ? order : order.reason(reason);
    return withoutPersonal ? order.withoutPersonal() : order;
  }

  /** A time as the server takes it: what is relative counts from now. */
  static String time(String option, String text) {
    Matcher ago = AGO.matcher(text);
    if (!ago.matches()) {
      return text;
    }
    try {
      return Instant.now()
          .minus(ago(ago.group(1), ago.group(2)))
          .truncatedTo(ChronoUnit.SECONDS)
          .toString();
    } catch (DateTimeException | ArithmeticException e) {
      throw new CommandFailure(ExitCode.USAGE, option + " is too long ago: " + text);
    }
  }

  private static Duration ago(String count, String unit) {
    return Duration.parse(unit.equals("d") ? "P" + count + "D" : "PT" + count + unit);
  }

  static void show(ProgressBar bar, ExportJob job) {
    bar.show(
        job.entries(),
        job.estimate(),
        job.state().equals("waiting")
            ? "waiting for its turn"
            : "%,d of about %,d entries".formatted(job.entries(), job.estimate()));
  }

  static Integer fetch(
      Terminal terminal, Exports exports, ExportJob job, @Nullable Path out, ProgressBar bar)
      throws IOException, InterruptedException {
    ExportJob.File file = job.isDone() ? job.file().orElse(null) : null;
    if (file == null) {
      String why = job.problem().isEmpty() ? "" : ": " + Printable.of(job.problem());
      throw new CommandFailure(ExitCode.PARTLY, "the export is " + job.state() + why);
    }
    Path target = out == null ? Path.of(nameOf(job, file)) : out;
    try {
      exports.download(
          job,
          target,
          bytes ->
              bar.show(bytes, file.bytes(), "%,d of %,d bytes".formatted(bytes, file.bytes())));
    } catch (FileAlreadyExistsException _) {
      throw new CommandFailure(ExitCode.USAGE, target + " exists already");
    }
    bar.clear();
    terminal
        .err()
        .println(
            "%,d entries in %s, %,d bytes, as the server's hash says."
                .formatted(entries(job), target, file.bytes()));
    List<String> left =
        job.json().at("left_out").elements().stream()
            .flatMap(each -> each.text().stream())
            .toList();
    if (!left.isEmpty()) {
      terminal.err().println("Left out: " + String.join(", ", left));
    }
    return ExitCode.DONE;
  }

  private static long entries(ExportJob job) {
    return job.json().at("counts", "entries").integer().orElse(job.entries());
  }

  /** The name that the server gives the file; never a path of the server's choosing. */
  private static String nameOf(ExportJob job, ExportJob.File file) {
    String name = file.name().replaceAll("[^A-Za-z0-9._-]", "_");
    return name.isEmpty() || name.startsWith(".") ? job.id() + "." + job.format() : name;
  }

  static CommandFailure unavailable(@Nullable String id, String why) {
    return new CommandFailure(
        ExitCode.UNAVAILABLE,
        id == null ? why : why + "\n  export --job " + id + " goes on where it was");
  }
}
