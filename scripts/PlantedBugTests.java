import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The test JVM of {@code planted-bugs}: compiles changed sources into the first folder of the class
 * path, then runs tests and says which failed. With sources it ends at the first failure, as one
 * test that finds the bug is enough.
 *
 * <p>Arguments: sources, {@code --}, tests as {@code package.Class} or {@code package.Class#method}.
 * Exit codes: 0 all passed, 1 a test failed, 2 the sources do not compile, 3 a test could not start.
 */
final class PlantedBugTests {

  private PlantedBugTests() {}

  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    List<String> sources = all.subList(0, all.indexOf("--"));
    if (!sources.isEmpty() && !compiles(sources)) {
      end(2);
    }
    end(run(all.subList(all.indexOf("--") + 1, all.size()), !sources.isEmpty()));
  }

  /** Threads that a test left behind must not keep the JVM. */
  private static void end(int code) {
    System.out.flush();
    System.err.flush();
    System.exit(code);
  }

  private static boolean compiles(List<String> sources) throws Exception {
    String classPath = System.getProperty("java.class.path");
    Path overlay = Files.createDirectories(Path.of(classPath.split(File.pathSeparator)[0]));
    List<String> options = new ArrayList<>(List.of("-nowarn", "-parameters", "-proc:none"));
    options.addAll(List.of("-classpath", classPath, "-d", overlay.toString()));
    options.addAll(sources);
    return ToolProvider.getSystemJavaCompiler()
            .run(null, System.out, System.out, options.toArray(String[]::new))
        == 0;
  }

  /** The class of a test's name. */
  private static String nameOf(String test) {
    return test.split("#")[0];
  }

  private static int run(List<String> named, boolean firstFailureEnds) throws Exception {
    List<String> tests = new ArrayList<>();
    for (String test : named) {
      tests.add(isThere(test) ? test : nameOf(test));
    }
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .filters(TagFilter.excludeTags("long"), (PostDiscoveryFilter) test -> named(test, tests));
    for (String test : tests) {
      request.selectors(selectClass(Class.forName(nameOf(test))));
    }
    CancellationToken enough = CancellationToken.create();
    Listener listener = new Listener(firstFailureEnds ? enough::cancel : () -> {});
    LauncherFactory.create()
        .execute(
            LauncherExecutionRequestBuilder.request(request.build())
                .cancellationToken(enough)
                .listeners(listener)
                .build());
    listener.failed.forEach(test -> System.out.println("FAILED " + test));
    listener.broken.forEach(test -> System.out.println("BROKEN " + test));
    System.out.println("RAN " + listener.ran);
    if (!listener.failed.isEmpty()) {
      return 1;
    }
    return listener.ran.get() == 0 || !listener.broken.isEmpty() ? 3 : 0;
  }

  /** Whether there is such a method; where it was renamed, its whole class finds the bug too. */
  private static boolean isThere(String test) throws ClassNotFoundException {
    for (Class<?> type = Class.forName(nameOf(test)); type != null; type = type.getSuperclass()) {
      if (Stream.of(type.getDeclaredMethods()).anyMatch(m -> test.endsWith("#" + m.getName()))) {
        return true;
      }
    }
    return false;
  }

  private static FilterResult named(TestDescriptor test, List<String> tests) {
    if (!(test.getSource().orElse(null) instanceof MethodSource source)) {
      return FilterResult.included("not a method");
    }
    return FilterResult.includedIf(
        tests.contains(source.getClassName())
            || tests.contains(source.getClassName() + "#" + source.getMethodName()));
  }

  private static final class Listener implements TestExecutionListener {
    private final Runnable afterFailure;
    private final Set<String> failed = new ConcurrentSkipListSet<>();
    private final Set<String> broken = new ConcurrentSkipListSet<>();
    private final AtomicInteger ran = new AtomicInteger();

    Listener(Runnable afterFailure) {
      this.afterFailure = afterFailure;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        ran.incrementAndGet();
      }
      if (result.getStatus() != TestExecutionResult.Status.FAILED) {
        return;
      }
      // Whatever a class needs before its first test is no test: a server that does not start finds nothing.
      (test.isTest() ? failed : broken).add(nameOf(test));
      result.getThrowable().ifPresent(Throwable::printStackTrace);
      if (test.isTest()) {
        afterFailure.run();
      }
    }

    private static String nameOf(TestIdentifier test) {
      return switch (test.getSource().orElse(null)) {
        case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
        case ClassSource type -> simple(type.getClassName());
        case null, default -> test.getDisplayName();
      };
    }

    private static String simple(String name) {
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }
}
