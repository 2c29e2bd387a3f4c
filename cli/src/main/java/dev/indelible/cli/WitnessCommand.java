package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.cli.witness.Witness;
import dev.indelible.cli.witness.WitnessService;
import dev.indelible.cli.witness.WitnessState;
import dev.indelible.cli.witness.WitnessedLogs;
import dev.indelible.verify.NoteSigner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code witness}: holds logs to account by cosigning only checkpoints that go on from the last.
 */
@Command(
    name = "witness",
    mixinStandardHelpOptions = true,
    description = "Run a witness: it cosigns checkpoints of logs that are proven to only grow.",
    footer = {
      "",
      "  indelible witness --name witness.example.net/w1 --data ./witness --logs acme.vkey",
      "",
      "Run it where the logs' operator cannot reach. The file of --logs has a log's verifier key",
      "on each line (GET /v1/tenants/NAME/log/key) and may be changed at any time. The server is",
      "told by the setting witness.list: the line of DIR/witness.vkey (Ed25519) or of",
      "DIR/witness-mldsa44.vkey (ML-DSA-44), a space, and this address. It signs with both.",
      "It speaks plain HTTP: put a proxy that does TLS in front, or listen on a private network.",
      "Its data must not be lost and never be put back from a backup; begin another witness then."
    })
final class WitnessCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The witness's name, such as witness.example.net/w1; stays the same for ever.")
  private String name = "";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Where the witness keeps its key and what it cosigned.")
  private Path data = Path.of("");

  @Option(
      names = "--logs",
      required = true,
      paramLabel = "FILE",
      description = "The verifier keys of the logs that it cosigns, one on each line.")
  private Path logs = Path.of("");

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "The address to listen on; default ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "The port to listen on; default ${DEFAULT-VALUE}, 0 takes a free one.")
  private int port;

  WitnessCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (WitnessState state = WitnessState.open(data, name, new SecureRandom())) {
      WitnessedLogs witnessed = new WitnessedLogs(logs);
      witnessed.read();
      Witness witness = new Witness(state, witnessed, InstantSource.system());
      try (WitnessService service =
          WitnessService.start(witness, new InetSocketAddress(host, port), terminal.err())) {
        terminal.out().println("The witness listens on http://" + host + ":" + service.port());
        for (NoteSigner signer : state.signers()) {
          terminal.out().println("Its verifier key: " + signer.verifierKey());
        }
        terminal.out().flush();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown, "shutdown"));
        ended.await();
      }
      return ExitCode.DONE;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "the witness cannot start: " + e.getMessage());
    }
  }
}
