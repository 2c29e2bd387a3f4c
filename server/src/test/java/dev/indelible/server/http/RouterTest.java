package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which route answers which path. */
final class RouterTest {

  private static final Route.Handler NOTHING = exchange -> {};

  private final Router router =
      new Router(
          List.of(
              route("/a/{x}", "one"),
              route("/a/b", "literal"),
              route("/a/{x}/c", "deep"),
              route("/a/b/{y}/d", "branch"),
              route("/tiles/{level}/{path*}", "rest")));

  private static Route route(String template, String operationId) {
    return new Route("GET", template, operationId, NOTHING);
  }

  private @Nullable String find(String path) {
    Router.Match match = router.match(path);
    Router.Target target = match == null ? null : match.target("GET");
    return match == null || target == null
        ? null
        : target.route().operationId() + match.parameters(target);
  }

  @Test
  void literalsWinAndNamesTakeOneDecodedSegment() {
    assertThat(find("/a/b")).isEqualTo("literal{}");
    assertThat(find("/%61/%62")).isEqualTo("literal{}");
    assertThat(find("/a/x%2Fy")).isEqualTo("one{x=x/y}");
    assertThat(find("/a/b/c")).isEqualTo("deep{x=b}");
    assertThat(find("/a/b/c/d")).isEqualTo("branch{y=c}");
    assertThat(find("/tiles/0/x001/234.p/5")).isEqualTo("rest{level=0, path=x001/234.p/5}");
  }

  @Test
  void nothingElseMatches() {
    for (String path :
        List.of(
            "/",
            "",
            "*",
            "/a",
            "/a/",
            "/a//c",
            "/A/b",
            "/a/..",
            "/a/%2E",
            "/tiles/0",
            "/tiles/0/",
            "/a/b/c/d/e",
            "/x".repeat(200))) {
      assertThat(find(path)).as(path).isNull();
    }
  }

  @Test
  void ambiguousOrMalformedRoutesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Router(List.of(route("/a/{x}", "one"), route("/a/{y}", "two"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Router(List.of(route("/a", "one"), route("/b", "one"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Router(List.of(route("/a/{x*}/b", "one"))));
    assertThatIllegalArgumentException().isThrownBy(() -> route("a", "one"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Route("HEAD", "/a", "one", NOTHING));
  }
}
