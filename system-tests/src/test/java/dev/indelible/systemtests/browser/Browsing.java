package dev.indelible.systemtests.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.indelible.systemtests.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * A Chromium and the demonstration's server, started once for all tests that use them and ended
 * after the last one. Not thread-safe.
 */
final class Browsing implements AutoCloseable {

  /** The tenant whose story the tests look at. */
  static final String TENANT = "acme-support";

  /** How long a page may take for anything, on a busy machine. */
  static final double PATIENCE_MILLIS = 20_000;

  private static final Duration STORY_PATIENCE = Duration.ofMinutes(2);

  private static final String STORE_KEY = "browsing";

  private static final List<String> CHROMIUMS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /**
   * Of the pages that stand for other people's: their own files and the server's, and no more. The
   * policy for trusted types names the one that Lit needs, twice where two versions meet.
   */
  @SuppressWarnings("InlineFormatString") // it is long, and has a comment of its own
  private static final String HOST_POLICY =
      "default-src 'none'; script-src %1$s; style-src 'self'; connect-src %1$s;"
          + " require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'; base-uri 'none'";

  private static final Pattern TAMPERED =
      Pattern.compile("indelible verify (\\S+-tampered\\.ndjson)");

  private final ServerProcess server;
  private final Playwright playwright;
  private final Browser browser;
  private final Path data;

  /** How a page is opened. */
  record Look(int width, int height, String zone, String locale, boolean dark) {

    static final Look WIDE = new Look(1280, 820, "Europe/Berlin", "en-GB", false);
    static final Look NARROW = new Look(360, 740, "Europe/Berlin", "en-GB", false);

    Look size(int newWidth, int newHeight) {
      return new Look(newWidth, newHeight, zone, locale, dark);
    }

    Look in(String newZone) {
      return new Look(width, height, newZone, locale, dark);
    }

    Look speaking(String newLocale) {
      return new Look(width, height, zone, newLocale, dark);
    }

    Look atNight() {
      return new Look(width, height, zone, locale, true);
    }
  }

  private Browsing(ServerProcess server, Playwright playwright, Browser browser, Path data) {
    this.server = server;
    this.playwright = playwright;
    this.browser = browser;
    this.data = data;
  }

  /** Finds or starts it for a test class. */
  static final class Extension implements BeforeAllCallback {
    private @Nullable Browsing browsing;

    @Override
    public void beforeAll(ExtensionContext context) {
      browsing =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.create(Browsing.class))
              .computeIfAbsent(STORE_KEY, key -> start(), Browsing.class);
    }

    Browsing get() {
      if (browsing == null) {
        throw new IllegalStateException("not started");
      }
      return browsing;
    }
  }

  private static Browsing start() {
    Path chromium =
        program(CHROMIUMS)
            .orElseThrow(() -> new TestAbortedException("there is no Chromium on PATH"));
    Path node =
        program(List.of("node"))
            .orElseThrow(() -> new TestAbortedException("there is no Node on PATH"));
    System.setProperty("playwright.nodejs.path", node.toString());
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    try {
      Path data = Files.createTempDirectory("indelible-browser");
      ServerProcess server = ServerProcess.demo(data.resolve("data"));
      Playwright playwright =
          Playwright.create(
              new Playwright.CreateOptions()
                  .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(chromium)
                      .setArgs(
                          List.of(
                              "--no-sandbox",
                              "--disable-gpu",
                              "--disable-background-networking",
                              // Pages that a test makes up count as public ones, which may not ask
                              // a server on the loopback interface.
                              "--disable-features=LocalNetworkAccessChecks")));
      Browsing started = new Browsing(server, playwright, browser, data);
      boolean told = false;
      try {
        started.awaitStory();
        told = true;
        return started;
      } finally {
        if (!told) {
          started.close();
        }
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Path> program(List<String> names) {
    for (String name : names) {
      String folders = Objects.requireNonNullElse(System.getenv("PATH"), "");
      for (String folder : folders.split(File.pathSeparator, -1)) {
        Path candidate = Path.of(folder, name);
        if (Files.isExecutable(candidate)) {
          return Optional.of(candidate);
        }
      }
    }
    return Optional.empty();
  }

  String address() {
    String address = server.address().toString();
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /** The operator's key. */
  String key() {
    try {
      return Files.readString(data.resolve("data").resolve("operator.key")).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the demonstration printed once it was ready. */
  String greeting() throws IOException {
    return server.output();
  }

  /** It tells its story while it listens; returns when all of it is told and is found. */
  private void awaitStory() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + STORY_PATIENCE.toNanos();
    while (!greeting().contains("Ctrl-C ends the demonstration")) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("the story is not told:\n" + greeting());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    Events.awaitIndexed(this);
  }

  /** The copy of the tenant's log in which the demonstration altered an entry. */
  Path tamperedCopy() throws IOException {
    String greeting = greeting();
    Matcher matcher = TAMPERED.matcher(greeting);
    if (!matcher.find()) {
      throw new AssertionError(greeting);
    }
    return Path.of(matcher.group(1));
  }

  /** A link as the demonstration prints one; its own works once, and for one test. */
  String freshSignInLink() {
    String answer =
        Events.post(
            this, "/v1/sign-in-links", "{\"user\":{\"id\":\"operator\",\"name\":\"Operator\"}}");
    return answer.replaceAll("(?s).*\"url\":\"([^\"]+)\".*", "$1");
  }

  /** Runs the program with the demonstration's address and key; what it printed, by lines. */
  List<String> run(String... arguments) throws IOException, InterruptedException {
    return ServerProcess.run(Map.of("INDELIBLE_URL", address(), "INDELIBLE_KEY", key()), arguments);
  }

  /** An empty page that forgets everything when it is closed. */
  Tab open(Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setTimezoneId(look.zone())
                .setLocale(look.locale())
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    Page page = context.newPage();
    Tab tab = new Tab(this, context, page);
    page.onConsoleMessage(
        message -> {
          // A request that fails is no fault of the page; what it makes of it is tested.
          if (message.type().equals("error")
              && !message.text().startsWith("Failed to load resource")) {
            tab.complaints.add(message.text());
          }
        });
    page.onPageError(tab.complaints::add);
    return tab;
  }

  /** A page of a product, as strict as one can be, with these elements in it. */
  void serveHost(Page page, String origin, String body, String script) {
    String sources = origin.equals(address()) ? "'self'" : "'self' " + address();
    fulfil(page, origin + "/host.js", "text/javascript", script, null);
    fulfil(page, origin + "/host.css", "text/css", "html,body{margin:0;height:100%}", null);
    fulfil(
        page,
        origin + "/host",
        "text/html; charset=utf-8",
        """
        <!doctype html><html lang="en"><head><title>Product</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="stylesheet" href="/host.css"></head>
        <body>%s<script type="module" src="%s/viewer.js"></script>
        <script type="module" src="/host.js"></script></body></html>
        """
            .formatted(body, address()),
        HOST_POLICY.formatted(sources));
  }

  private static void fulfil(
      Page page, String url, String type, String body, @Nullable String policy) {
    Consumer<Route> answer =
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType(type)
                    .setHeaders(
                        policy == null
                            ? Map.of("Content-Type", type)
                            : Map.of("Content-Type", type, "Content-Security-Policy", policy))
                    .setBody(body));
    page.route(candidate -> candidate.split("[?#]", 2)[0].equals(url), answer);
  }

  /** A page with what its console complained about. */
  static final class Tab implements AutoCloseable {
    final Browsing browsing;
    final BrowserContext context;
    final Page page;
    final List<String> complaints = new ArrayList<>();

    Tab(Browsing browsing, BrowserContext context, Page page) {
      this.browsing = browsing;
      this.context = context;
      this.page = page;
    }

    /** Shows the viewer alone, with attributes beside the usual ones and a fragment. */
    Tab viewer(String attributes, String fragment) {
      return viewerOf(TENANT, attributes, fragment);
    }

    /** The same for another tenant. */
    Tab viewerOf(String tenant, String attributes, String fragment) {
      return viewerAs(browsing.key(), tenant, attributes, fragment);
    }

    /** The same for somebody who has a token of their own. */
    Tab viewerAs(String token, String tenant, String attributes, String fragment) {
      browsing.serveHost(
          page,
          browsing.address(),
          "<main><indelible-viewer tenant=\"%s\" links %s></indelible-viewer></main>"
              .formatted(tenant, attributes),
          "for (const viewer of document.querySelectorAll('indelible-viewer'))"
              + " viewer.tokenSource = () => Promise.resolve('"
              + token
              + "');");
      page.navigate(browsing.address() + "/host" + fragment);
      return this;
    }

    Tab viewer(String fragment) {
      return viewer("", fragment);
    }

    /** Signs in to the console and shows a page of it. */
    Tab console(String path) {
      return console(browsing.address(), browsing.key(), path);
    }

    /** The same for the console of another server. */
    Tab console(String address, String key, String path) {
      page.navigate(address + "/sign-in");
      page.getByLabel("Or with an API key").fill(key);
      page.getByText("Sign in").last().click();
      page.locator(".rail").waitFor();
      page.evaluate(
          "path => { const app = document.querySelector('indelible-console'); app.go(path); return app.updateComplete; }",
          path);
      return this;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
    server.close();
    deleteData();
  }

  private void deleteData() {
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
