package dev.indelible.systemtests.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import dev.indelible.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * A Chromium that looks at the demonstration.
 *
 * <p>It is lent to one test class at a time, whose methods run in one thread: Playwright's objects
 * bear no second one. As many are started as classes run at the same time, and all are ended after
 * the last class. Not thread-safe.
 */
final class Browsing implements AutoCloseable {

  /** The tenant whose story the tests look at. */
  static final String TENANT = "acme-support";

  private static final double LIMIT_MILLIS = (double) Eventually.LIMIT.toMillis();

  /** The one without windows, tabs and an address bar first, which need more than the pages do. */
  private static final List<String> CHROMIUMS =
      List.of(
          "chromium-headless-shell",
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable");

  /**
   * Policy of the pages that stand for other people's: their own files and the server's, and no
   * more. The policy for trusted types names the one that Lit needs, twice where two versions meet.
   */
  @SuppressWarnings("InlineFormatString") // it is long, and has a comment of its own
  private static final String HOST_POLICY =
      "default-src 'none'; script-src %1$s; style-src 'self'; connect-src %1$s;"
          + " require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'; base-uri 'none'";

  /**
   * Pages that a test makes up count as public ones, which may not ask a server on the loopback
   * interface: that check is off. So are the processes that each context would get besides its
   * page's, a spare one and two of the address bar's, which cost more than the page; and what
   * Playwright turns off itself where nobody else names features.
   */
  private static final List<String> UNWANTED_FEATURES =
      List.of(
          "LocalNetworkAccessChecks",
          "SpareRendererForSitePerProcess",
          "WebUIOmniboxPopup",
          "WebUIOmniboxPopupV2",
          "WebUIOmniboxAimPopup",
          "WebUIOmniboxFullPopup",
          "AvoidUnnecessaryBeforeUnloadCheckSync",
          "BlockOriginHeaderModificationOnRedirect",
          "BoundaryEventDispatchTracksNodeRemoval",
          "DestroyProfileOnBrowserClose",
          "DialMediaRouteProvider",
          "GlobalMediaControls",
          "HttpsUpgrades",
          "LensOverlay",
          "MediaRouter",
          "OptimizationHints",
          "PaintHolding",
          "Translate");

  private final Demonstration demonstration;
  private final Playwright playwright;
  private final Browser browser;

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

  /** Lends a browser to each test class that it is registered in. */
  static final class Extension implements BeforeAllCallback, AfterAllCallback {

    // A class and its methods run in one thread, and several classes may have one extension.
    private static final ThreadLocal<@Nullable Browsing> LENT = new ThreadLocal<>();

    @Override
    public void beforeAll(ExtensionContext context) {
      LENT.set(browsers(context).lend());
    }

    @Override
    public void afterAll(ExtensionContext context) {
      Browsing browsing = LENT.get();
      LENT.remove();
      if (browsing != null) {
        browsers(context).free.push(browsing);
      }
    }

    private static Browsers browsers(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Browsing.class))
          .computeIfAbsent(Browsers.class);
    }

    Browsing get() {
      Browsing browsing = LENT.get();
      if (browsing == null) {
        throw new IllegalStateException("not lent to this thread");
      }
      return browsing;
    }
  }

  /** Browsers that no class has, and the demonstration; thread-safe. */
  static final class Browsers implements AutoCloseable {
    private final Path chromium =
        program(CHROMIUMS)
            .orElseThrow(() -> new TestAbortedException("there is no Chromium on PATH"));
    private final Path node =
        program(List.of("node"))
            .orElseThrow(() -> new TestAbortedException("there is no Node on PATH"));
    private final ConcurrentLinkedDeque<Browsing> free = new ConcurrentLinkedDeque<>();
    private final Demonstration demonstration;

    Browsers() {
      System.setProperty("playwright.nodejs.path", node.toString());
      PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MILLIS);
      demonstration = Demonstration.start();
    }

    private Browsing lend() {
      Browsing found = free.poll();
      return found != null ? found : launch(demonstration, chromium);
    }

    @Override
    public void close() {
      free.forEach(Browsing::close);
      demonstration.close();
    }
  }

  private Browsing(Demonstration demonstration, Playwright playwright, Browser browser) {
    this.demonstration = demonstration;
    this.playwright = playwright;
    this.browser = browser;
  }

  private static Browsing launch(Demonstration demonstration, Path chromium) {
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setTimeout(LIMIT_MILLIS)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-features=" + String.join(",", UNWANTED_FEATURES))));
    return new Browsing(demonstration, playwright, browser);
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
    return demonstration.address();
  }

  /** The operator's key. */
  String key() {
    return demonstration.key();
  }

  /** Output of the demonstration once it was ready. */
  String greeting() throws IOException {
    return demonstration.greeting();
  }

  /** The copy of the tenant's log in which the demonstration altered an entry. */
  Path tamperedCopy() throws IOException {
    return demonstration.tamperedCopy();
  }

  /** A link as the demonstration prints one; its own works once, and for one test. */
  String freshSignInLink() {
    return Events.text(
        Events.post(this, "/v1/sign-in-links", "{\"user\":{\"id\":\"odile\",\"name\":\"Odile\"}}"),
        "url");
  }

  /** Runs the program with the demonstration's address and key; what it printed, by lines. */
  List<String> run(String... arguments) throws IOException, InterruptedException {
    return demonstration.run(arguments);
  }

  /** A new tenant of the profile {@code standard}, whose id begins with {@code name}. */
  String newTenant(String name) {
    return newTenant(name, "standard");
  }

  /**
   * Creates a tenant of another profile. It is called like its id, which is no word of any page.
   */
  String newTenant(String name, String profile) {
    String id = tenantId(name);
    make(id, profile, id);
    return id;
  }

  /** Creates a tenant with a title for people. */
  String newTenant(String name, String profile, String title) {
    String id = tenantId(name);
    make(id, profile, title);
    return id;
  }

  private String tenantId(String name) {
    return name + "-" + demonstration.nextTenant();
  }

  private void make(String id, String profile, String title) {
    Events.post(
        this,
        "/v1/tenants",
        "{\"id\":\"%s\",\"name\":\"%s\",\"profile\":\"%s\",\"erasures_take_two\":false}"
            .formatted(id, title, profile));
  }

  /** An empty page that forgets everything when it is closed. */
  Tab open(Look look) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setTimezoneId(look.zone())
                .setLocale(look.locale())
                .setReducedMotion(ReducedMotion.REDUCE)
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
    context.setDefaultTimeout(LIMIT_MILLIS);
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

  /** Waits until an expression of the page is true. */
  static void awaitTrue(Page page, String what, String expression) {
    Eventually.holds(what, () -> Boolean.TRUE.equals(page.evaluate("() => " + expression)));
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

    /** Opens the viewer of another tenant. */
    Tab viewerOf(String tenant, String attributes, String fragment) {
      return viewerAs(browsing.key(), tenant, attributes, fragment);
    }

    /** Opens the viewer for somebody who has a token of their own. */
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

    /** Shows a page of the console to the operator, who has signed in before. */
    Tab console(String path) {
      return console(browsing.address(), browsing.demonstration.session(), path);
    }

    /** Opens the console of another server, to which a session of it belongs. */
    Tab console(String address, String session, String path) {
      context.addCookies(List.of(new Cookie(Events.SESSION_COOKIE, session).setUrl(address)));
      page.navigate(address + path);
      page.locator(".rail").waitFor();
      return this;
    }

    /** Signs in to the console with the operator's key, as somebody does who has no link. */
    Tab signIn() {
      page.navigate(browsing.address() + "/sign-in");
      page.locator("input[name=key]").fill(browsing.key());
      page.locator(".sign-in button[type=submit]").click();
      page.locator(".rail").waitFor();
      return this;
    }

    /** Goes to another page of the console. */
    Tab go(String path) {
      page.evaluate(
          "path => { const app = document.querySelector('indelible-console'); app.go(path); return app.updateComplete; }",
          path);
      return this;
    }

    /** Waits until the page of the console has loaded what it shows. */
    void awaitLoaded() {
      page.locator("main[aria-busy=false] h1").first().waitFor();
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
  }
}
