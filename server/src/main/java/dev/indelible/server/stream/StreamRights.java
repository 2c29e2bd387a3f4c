package dev.indelible.server.stream;

import dev.indelible.server.access.Authentication;
import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Scopes;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.EventStream;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.query.TenantScope;
import java.util.Locale;
import java.util.Optional;

/** Rights of the makers of streams, as they are now. Thread-safe. */
final class StreamRights {

  private final Authentication authentication;
  private final Configuration configuration;

  StreamRights(Authentication authentication, Configuration configuration) {
    this.authentication = authentication;
    this.configuration = configuration;
  }

  /** The part of the log that a stream may send now; empty when it may not send at all. */
  Optional<TenantScope> now(EventStream stream) {
    TenantId tenant = stream.tenant();
    ExportSchedule.Maker maker = stream.maker();
    ExportMaker of =
        new ExportMaker(
            ExportMaker.Kind.valueOf(maker.kind().toUpperCase(Locale.ROOT)), maker.id());
    return configuration
        .tenant(tenant)
        .flatMap(_ -> authentication.standing(of.standing(tenant)))
        .filter(caller -> caller.may(Permission.AUDIT_EXPORT, tenant))
        .filter(caller -> mayHaveStreams(caller, tenant))
        .map(caller -> Scopes.of(caller, tenant, Permission.AUDIT_EXPORT))
        .filter(scope -> stream.content().withhold() || scope.seesPersonal());
  }

  private static boolean mayHaveStreams(Caller caller, TenantId tenant) {
    return caller
        .grant(tenant)
        .filter(grant -> grant.allowsWhole(Permission.STREAMS_MANAGE))
        .isPresent();
  }
}
