package dev.indelible.server.api.takeout;

import dev.indelible.server.access.Caller;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Subject;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.control.ExportSchedule;
import dev.indelible.server.export.ExportMaker;
import dev.indelible.server.http.ProblemException;

/** Makers of what goes on after a request: those whose rights do not end with their session. */
public final class LastingMaker {

  private LastingMaker() {}

  /**
   * The maker that a request speaks for.
   *
   * @throws ProblemException 403 when their rights end with their session
   */
  public static ExportSchedule.Maker of(Callers.Allowed allowed) {
    Caller caller = allowed.caller();
    Session session = caller.session();
    Subject subject = session == null ? null : session.subject();
    ExportMaker.Kind kind =
        switch (subject) {
          case null -> caller.home().isPresent() ? ExportMaker.Kind.KEY : ExportMaker.Kind.OPERATOR;
          case Subject.OfOperator _ -> ExportMaker.Kind.OPERATOR;
          case Subject.OfKey _ -> ExportMaker.Kind.KEY;
          case Subject.OfMember member when member.assignments() == null -> ExportMaker.Kind.MEMBER;
          case Subject.OfMember _, Subject.OfGuest _, Subject.OfViewer _ ->
              throw new ProblemException(
                  403,
                  "lasting_right_needed",
                  "Your rights end with your session; this needs those of a member or a key.");
        };
    String id =
        switch (subject) {
          case null -> caller.keyId();
          case Subject.OfOperator(String keyId) -> keyId;
          case Subject.OfKey(var _, String keyId) -> keyId;
          case Subject.OfMember member -> member.memberId();
          case Subject.OfGuest _, Subject.OfViewer _ -> "";
        };
    return new ExportSchedule.Maker(kind.jsonName(), id);
  }
}
