package dev.indelible.cli;

import dev.indelible.cli.send.Preparation;
import dev.indelible.cli.send.Sender;
import dev.indelible.cli.source.GitSource;
import dev.indelible.cli.source.RecordSource;
import dev.indelible.cli.source.Sources;
import dev.indelible.cli.terminal.Printable;
import dev.indelible.cli.terminal.ProgressBar;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.RetryPolicy;
import dev.indelible.client.UnreachableException;
import dev.indelible.mapping.Input;
import dev.indelible.mapping.InvalidMapException;
import dev.indelible.mapping.LogMap;
import dev.indelible.mapping.MapReader;
import dev.indelible.mapping.Mapper;
import dev.indelible.mapping.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code send}: records the events of files, of standard input or of a foreign log. */
@Command(
    name = "send",
    mixinStandardHelpOptions = true,
    description = {
      "Record the events of files (NDJSON, a JSON array, either gzipped) or of standard input; with a"
          + " map, also of CSV, LDIF, key=value, plain lines and auditd's log.",
      "Sending the same file again doubles nothing: an event without an id gets one that follows from"
          + " its file, its place there and its content."
    },
    footer = {
      "",
      "  indelible send --tenant acme events.ndjson",
      "  indelible send --tenant acme --map cloudtrail logs/*.json.gz",
      "  indelible send --tenant acme --map git path/to/repository",
      "  indelible send --map keycloak --sample --dry-run         (records that come with a map)",
      "  indelible send --map my-log.yaml --dry-run my.log        (docs/maps.md says how maps are written)"
    })
final class Send implements Callable<Integer> {

  /** Most refused events that are shown; --rejects has all of them. */
  static final int MAX_SHOWN_REJECTIONS = 50;

  private static final String STANDARD_INPUT = "-";

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files, - for standard input; with --map git, repositories.")
  private List<String> files = List.of(STANDARD_INPUT);

  @Option(
      names = "--map",
      paramLabel = "NAME|FILE",
      description =
          "Turn a foreign log into events: a map that comes with the program, or a YAML file.")
  private @Nullable String mapName;

  @Option(
      names = "--sample",
      description =
          "In place of files, the made-up records that come with the map: to see what it makes of"
              + " them.")
  private boolean sample;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "What the ids of events without one follow from, in place of the file's path: for a file"
              + " that was moved since it was sent, and for each of several standard inputs.")
  private @Nullable String sourceName;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "Write what was not recorded, with the reason, as NDJSON.")
  private @Nullable Path rejects;

  @Option(names = "--dry-run", description = "Print the events instead of sending them.")
  private boolean dryRun;

  @Option(
      names = "--give-up-after",
      paramLabel = "SECONDS",
      description = "How long a batch is tried again while the server is away (300).")
  private long giveUpAfterSeconds = RetryPolicy.DEFAULT.giveUpAfter().toSeconds();

  Send(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (sourceName != null && files.size() > 1) {
      throw new CommandFailure(ExitCode.USAGE, "--source names one FILE, not several.");
    }
    if (sample) {
      files = List.of(sampleOf(mapName));
    }
    LogMap map = mapName == null ? null : forTenant(map(mapName));
    Preparation preparation =
        new Preparation(map == null ? null : new Mapper(map), options.tenant(terminal));
    if (dryRun) {
      return printEvents(map, preparation);
    }
    ProgressBar bar = new ProgressBar(terminal, InstantSource.system());
    RetryPolicy retry =
        new RetryPolicy(
            RetryPolicy.DEFAULT.first(),
            RetryPolicy.DEFAULT.longest(),
            Duration.ofSeconds(giveUpAfterSeconds));
    try (PrintWriter rejectsFile =
            rejects == null ? null : new PrintWriter(Files.newBufferedWriter(rejects));
        IndelibleClient client = options.client(terminal, retry, remark -> remark(bar, remark))) {
      Rejections rejections = new Rejections(bar, rejectsFile);
      Sender sender = new Sender(client, preparation, rejections);
      sendAll(map, sender, rejections);
      bar.clear();
      summary(sender, bar);
      sayWhatIsOdd(preparation);
      return sender.rejected() == 0 ? ExitCode.DONE : ExitCode.PARTLY;
    }
  }

  private void sendAll(@Nullable LogMap map, Sender sender, Rejections rejections) {
    for (String file : files) {
      try (RecordSource source = open(file, map)) {
        rejections.source = source;
        rejections.totalBytes = totalBytes(file);
        sender.send(source);
      } catch (RefusedException refusal) {
        throw stopped(Answers.exitCode(refusal.status()), sender, refusal);
      } catch (UnreachableException failure) {
        throw stopped(ExitCode.UNAVAILABLE, sender, failure);
      } catch (IOException failure) {
        throw stopped(ExitCode.USAGE, sender, failure);
      }
    }
  }

  private static CommandFailure stopped(int exitCode, Sender sender, Exception why) {
    String already =
        sender.accepted() == 0
            ? ""
            : "\n%,d events are recorded; send the same again to go on, nothing is doubled."
                .formatted(sender.accepted());
    return new CommandFailure(exitCode, why.getMessage() + already);
  }

  private void summary(Sender sender, ProgressBar bar) {
    String text =
        "%,d %s recorded in %.1f s"
            .formatted(
                sender.accepted(),
                sender.accepted() == 1 ? "event" : "events",
                bar.elapsed().toMillis() / 1000.0);
    if (sender.knownBefore() > 0) {
      text += ", %,d of them were there before".formatted(sender.knownBefore());
    }
    if (sender.rejected() > 0) {
      text += ", %,d not".formatted(sender.rejected());
    }
    terminal.err().println(text);
  }

  private void sayWhatIsOdd(Preparation preparation) {
    preparation
        .skipped()
        .forEach(
            (because, count) ->
                terminal
                    .err()
                    .println(
                        Printable.of(
                            "%,d left out, as the map says: %s".formatted(count, because))));
    if (preparation.withoutTime() > 0) {
      terminal
          .err()
          .println(
              "%,d have a time that could not be read; they are dated when they are recorded"
                  .formatted(preparation.withoutTime()));
    }
  }

  private int printEvents(@Nullable LogMap map, Preparation preparation) throws IOException {
    long refused = 0;
    for (String file : files) {
      try (RecordSource source = open(file, map)) {
        refused += preparation.print(source, terminal.out(), terminal.err());
      } catch (IOException failure) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(failure.getMessage()));
      }
    }
    sayWhatIsOdd(preparation);
    return refused == 0 ? ExitCode.DONE : ExitCode.PARTLY;
  }

  /** The map, for the command line's tenant alone if there is one; the environment fills in. */
  private LogMap forTenant(LogMap map) {
    String tenant = options.namesTenant() ? options.tenant(terminal) : null;
    if (tenant == null || !map.namesTenant()) {
      return map;
    }
    terminal
        .err()
        .println(
            "--tenant %s goes before the tenants that the map %s finds"
                .formatted(tenant, map.name()));
    return map.forTenant(tenant);
  }

  /** The built-in map of this name, or else that of the file. */
  static LogMap map(String name) {
    try {
      var builtIn = LogMap.builtIn(name);
      if (builtIn.isPresent()) {
        return builtIn.get();
      }
      if (!Files.exists(Path.of(name))) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "no map is called %s (there are %s), and no such file exists"
                .formatted(name, String.join(", ", LogMap.BUILT_IN)));
      }
      return MapReader.readFile(Path.of(name));
    } catch (InvalidMapException | IOException failure) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(failure.getMessage()));
    }
  }

  /** The name of the file that comes with the map. */
  private String sampleOf(@Nullable String map) {
    if (!files.equals(List.of(STANDARD_INPUT))) {
      throw new CommandFailure(ExitCode.USAGE, "--sample stands in place of files");
    }
    return Sample.of(map == null ? "" : map)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    map == null
                        ? "--sample needs the --map whose records are meant"
                        : "no sample comes with the map " + map))
        .fileName();
  }

  private RecordSource open(String file, @Nullable LogMap map) throws IOException {
    if (map != null && map.name().equals(LogMap.GIT)) {
      return new GitSource(Path.of(file.equals(STANDARD_INPUT) ? "." : file));
    }
    Input input = map == null ? Input.JSON : map.input();
    String records = map == null ? null : map.records();
    if (sample) {
      return Sources.open(input, file, file, new Sample(file).open(), records);
    }
    if (file.equals(STANDARD_INPUT)) {
      String identity = sourceName == null ? file : sourceName;
      return Sources.open(input, file, identity, terminal.in(), records);
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IOException(file + " is not a file that can be read");
    }
    String identity = sourceName == null ? path.toRealPath().toString() : sourceName;
    return Sources.open(input, file, identity, Files.newInputStream(path), records);
  }

  private static long totalBytes(String file) throws IOException {
    Path path = Path.of(file);
    return Files.isRegularFile(path) ? Files.size(path) : 0;
  }

  private void remark(ProgressBar bar, String remark) {
    bar.clear();
    terminal.err().println(Printable.of(remark));
  }

  /** Shows the first refusals, writes all of them to the file, and draws the bar. */
  private final class Rejections implements Sender.Report {
    private final ProgressBar bar;
    private final @Nullable PrintWriter file;
    private final JsonMapper json = new JsonMapper();
    private @Nullable RecordSource source;
    private long totalBytes;
    private long shown;

    Rejections(ProgressBar bar, @Nullable PrintWriter file) {
      this.bar = bar;
      this.file = file;
    }

    @Override
    public void rejected(Sender.Refusal refusal) {
      shown++;
      if (shown <= MAX_SHOWN_REJECTIONS) {
        remark(bar, refusal.place() + ": " + refusal.detail() + " (" + refusal.code() + ")");
      } else if (shown == MAX_SHOWN_REJECTIONS + 1) {
        remark(bar, "… and more; --rejects FILE keeps all of them");
      }
      if (file != null) {
        ObjectNode line = json.createObjectNode();
        line.put("place", refusal.place().toString());
        line.put("code", refusal.code());
        line.put("detail", refusal.detail());
        line.set("record", refusal.record());
        file.println(json.writeValueAsString(line));
      }
    }

    @Override
    public void progress(long accepted, long rejected) {
      String text = "%,d events".formatted(accepted);
      if (rejected > 0) {
        text += ", %,d not".formatted(rejected);
      }
      bar.show(source == null ? 0 : source.bytesRead(), totalBytes, text);
    }
  }
}
