package dev.indelible.server.sink;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * rsyslog or syslog-ng of Debian, with a configuration and a folder of its own, on a free port of
 * this machine; installed, or unpacked by {@code scripts/syslog-receivers}.
 */
final class SyslogProgram implements AutoCloseable {

  final int port;
  private final Process process;
  private final Path output;

  private SyslogProgram(Process process, int port, Path output) {
    this.process = process;
    this.port = port;
    this.output = output;
  }

  /** Lines that it has written, structured data and body parted by a tab. */
  List<String> lines() throws IOException {
    return Files.exists(output) ? Files.readAllLines(output) : List.of();
  }

  /** Waits for that many lines. */
  List<String> lines(int count) {
    return Eventually.see("the receiver's lines", this::lines, lines -> lines.size() >= count);
  }

  /**
   * Starts rsyslog, or skips the test where there is none.
   *
   * @param driver {@code ptcp}, or {@code gtls} for TLS
   * @param actions what is done with a message; it has {@code FOLDER} for the folder, and writes
   *     with {@code OUT}
   */
  static SyslogProgram rsyslog(Path folder, Certificates ca, String driver, String... actions)
      throws Exception {
    Path home = Files.createTempDirectory(folder, "rsyslog");
    keys(home, ca);
    Path root = root("usr/sbin/rsyslogd");
    String libraries = root.resolve("usr/lib/x86_64-linux-gnu").toString();
    String tls =
        driver.equals("gtls")
            ? " streamDriver.name=\"gtls\" streamDriver.mode=\"1\" streamDriver.authMode=\"anon\""
            : "";
    String configuration =
        """
        global(workDirectory="FOLDER" defaultNetstreamDriverCAFile="FOLDER/ca.pem"
          defaultNetstreamDriverCertFile="FOLDER/cert.pem"
          defaultNetstreamDriverKeyFile="FOLDER/key.pem")
        module(load="imtcp"TLS)
        module(load="mmpstrucdata")
        module(load="mmjsonparse")
        module(load="mmnormalize")
        template(name="out" type="string" string="%structured-data%\\t%msg%\\t%$!all-json%\\n")
        input(type="imtcp" port="0" address="127.0.0.1" listenPortFileName="FOLDER/port"
          ruleset="in")
        ruleset(name="in") {
        ACTIONS
          action(type="omfile" file="FOLDER/out" template="out")
        }
        """
            .replace("TLS", tls)
            .replace("ACTIONS", String.join("\n", actions))
            .replace("FOLDER", home.toString());
    Path file = Files.writeString(home.resolve("rsyslog.conf"), configuration);
    Process process =
        start(
            home,
            libraries,
            root.resolve("usr/sbin/rsyslogd").toString(),
            "-n",
            "-f",
            file.toString(),
            "-i",
            home.resolve("pid").toString(),
            "-M",
            libraries + "/rsyslog");
    Path port = home.resolve("port");
    String number =
        Eventually.see(
            "rsyslog's port",
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(Files.readString(home.resolve("log")));
              }
              return Files.exists(port) ? Files.readString(port).strip() : "";
            },
            text -> !text.isEmpty());
    return new SyslogProgram(process, Integer.parseInt(number), home.resolve("out"));
  }

  /** Starts syslog-ng, or skips the test where there is none. */
  static SyslogProgram syslogNg(Path folder, Certificates ca, boolean tls) throws Exception {
    Path home = Files.createTempDirectory(folder, "syslog-ng");
    keys(home, ca);
    Path root = root("usr/sbin/syslog-ng");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String transport =
        tls
            ? """
            transport("tls") tls(key-file("FOLDER/key.pem") cert-file("FOLDER/cert.pem")
              ca-file("FOLDER/ca.pem") peer-verify(required-trusted))\
            """
            : "transport(\"tcp\")";
    String configuration =
        """
        @version: 3.38
        options { keep-hostname(yes); threaded(no); stats-freq(0); use-dns(no); };
        source in { syslog(ip("127.0.0.1") port(PORT) TRANSPORT); };
        destination out { file("FOLDER/out" template("${SDATA}\\t${MSG}\\n")); };
        log { source(in); destination(out); };
        """
            .replace("TRANSPORT", transport)
            .replace("PORT", Integer.toString(port))
            .replace("FOLDER", home.toString());
    Path file = Files.writeString(home.resolve("syslog-ng.conf"), configuration);
    Process process =
        start(
            home,
            root.resolve("usr/lib/x86_64-linux-gnu")
                + ":"
                + root.resolve("lib/x86_64-linux-gnu")
                + ":"
                + root.resolve("usr/lib/syslog-ng"),
            root.resolve("usr/sbin/syslog-ng").toString(),
            "-F",
            "--no-caps",
            "-f",
            file.toString(),
            "-R",
            home.resolve("persist").toString(),
            "-p",
            home.resolve("pid").toString(),
            "-c",
            home.resolve("control").toString(),
            "--module-path=" + root.resolve("usr/lib/syslog-ng/3.38"));
    Eventually.holds(
        "syslog-ng's port",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(Files.readString(home.resolve("log")));
          }
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
          } catch (IOException _) {
            return false;
          }
        });
    return new SyslogProgram(process, port, home.resolve("out"));
  }

  private static void keys(Path home, Certificates ca) throws Exception {
    Certificates.Pair own = ca.rsa("localhost");
    Files.writeString(home.resolve("ca.pem"), ca.pem);
    Files.writeString(home.resolve("cert.pem"), own.certificate());
    Files.writeString(home.resolve("key.pem"), own.key());
  }

  /** The folder that stands for the root of the file system. */
  private static Path root(String program) {
    for (Path root : List.of(Path.of("/"), Path.of("../.build/receivers").toAbsolutePath())) {
      if (Files.isExecutable(root.resolve(program))) {
        return root.normalize();
      }
    }
    assumeTrue(false, program + " is neither installed nor unpacked (scripts/syslog-receivers)");
    throw new AssertionError();
  }

  private static Process start(Path home, String libraries, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", libraries);
    return builder
        .directory(home.toFile())
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("log").toFile())
        .start();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      Eventually.ended("the receiver", process);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
