package dev.indelible.server.share;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue that serves groups alike, the members of a group alike, and each member in order: start
 * time fair queueing on two levels (Goyal, Vin and Cheng, SIGCOMM 1996).
 *
 * <p>Each group and member has a virtual time, which grows by what it was served divided by its
 * weight; whoever has the least is next. One that was away begins where the last one served stood,
 * so that nobody saves up, and nobody who comes anew waits for more than what is being served. Not
 * thread-safe.
 */
final class FairQueue<T> {

  /** Parties that are remembered without waiting, for what they were served a moment ago. */
  static final int MAX_REMEMBERED = 1_024;

  /** A group, or a member of one. */
  private static final class Party<T> {
    private final double weight;
    private double time;
    private double floor; // the virtual time of the child that was served last
    private int tickets;
    private int begun;
    private final Map<String, Party<T>> children = new LinkedHashMap<>();
    private final TreeMap<Long, Ticket<T>> waiting = new TreeMap<>();

    Party(double weight) {
      this.weight = weight;
    }

    Party<T> child(String name, double itsWeight) {
      Party<T> child = children.computeIfAbsent(name, _ -> new Party<>(itsWeight));
      if (child.tickets == 0) {
        child.time = Math.max(child.time, floor);
      }
      child.tickets++;
      return child;
    }

    void release(Party<T> child) {
      child.tickets--;
      if (children.size() > MAX_REMEMBERED) {
        children.values().removeIf(one -> one.tickets == 0);
      } else if (child.tickets == 0 && child.time <= floor) {
        children.values().remove(child);
      }
    }
  }

  /** A place in the queue, kept until it is closed, waiting or being served. */
  static final class Ticket<T> {
    private final T item;
    private final long order;
    private final Party<T> group;
    private final Party<T> member;
    private boolean begun;

    private Ticket(T item, long order, Party<T> group, Party<T> member) {
      this.item = item;
      this.order = order;
      this.group = group;
      this.member = member;
    }

    T item() {
      return item;
    }

    /** Says that work for it has begun. */
    void begin() {
      begun = true;
      group.begun++;
    }

    boolean hasBegun() {
      return begun;
    }

    /** Tickets of the same group for which work has begun. */
    int begunOfGroup() {
      return group.begun;
    }
  }

  private final Party<T> all = new Party<>(1);
  private long opened;
  private int waiting;

  /** Tickets of a group, waiting or being served. */
  int ofGroup(String group) {
    Party<T> found = all.children.get(group);
    return found == null ? 0 : found.tickets;
  }

  /** Tickets of a member, waiting or being served. */
  int ofMember(Asker asker) {
    Party<T> group = all.children.get(asker.group());
    Party<T> member = group == null ? null : group.children.get(asker.member());
    return member == null ? 0 : member.tickets;
  }

  /** Groups that are known. */
  int remembered() {
    return all.children.size();
  }

  /** Tickets that wait. */
  int waiting() {
    return waiting;
  }

  /** A ticket, which does not wait yet. */
  Ticket<T> open(Asker asker, T item) {
    Party<T> group = all.child(asker.group(), asker.weight());
    return new Ticket<>(item, opened++, group, group.child(asker.member(), 1));
  }

  /** Queues a ticket, before all of the same member that were opened after it. */
  void enqueue(Ticket<T> ticket) {
    if (ticket.member.waiting.put(ticket.order, ticket) == null) {
      waiting++;
    }
  }

  /** The waiting ticket that is to be served next, or null; it goes on waiting. */
  @Nullable Ticket<T> best(Predicate<Ticket<T>> eligible) {
    Ticket<T> best = null;
    for (Party<T> group : all.children.values()) {
      if (best == null || group.time < best.group.time) {
        Ticket<T> ofGroup = bestOf(group, eligible);
        best = ofGroup == null ? best : ofGroup;
      }
    }
    return best;
  }

  private static <T> @Nullable Ticket<T> bestOf(Party<T> group, Predicate<Ticket<T>> eligible) {
    Ticket<T> best = null;
    for (Party<T> member : group.children.values()) {
      if (!member.waiting.isEmpty() && (best == null || member.time < best.member.time)) {
        Ticket<T> first = member.waiting.firstEntry().getValue();
        best = eligible.test(first) ? first : best;
      }
    }
    return best;
  }

  /** Whether {@code other} is to be served before {@code ticket}, which does not wait. */
  boolean isBefore(Ticket<T> other, Ticket<T> ticket) {
    if (other.group != ticket.group) {
      return other.group.time < ticket.group.time;
    }
    return other.member == ticket.member
        ? other.order < ticket.order
        : other.member.time < ticket.member.time;
  }

  /** Serves a ticket: it does not wait any more. */
  void take(Ticket<T> ticket) {
    if (ticket.member.waiting.remove(ticket.order) != null) {
      waiting--;
    }
    all.floor = Math.max(all.floor, ticket.group.time);
    ticket.group.floor = Math.max(ticket.group.floor, ticket.member.time);
  }

  /** Counts what a ticket was served. */
  void charge(Ticket<T> ticket, long cost) {
    ticket.group.time += cost / ticket.group.weight;
    ticket.member.time += cost / ticket.member.weight;
  }

  /** Gives a ticket back. */
  void close(Ticket<T> ticket) {
    if (ticket.member.waiting.remove(ticket.order) != null) {
      waiting--;
    }
    if (ticket.begun) {
      ticket.begun = false;
      ticket.group.begun--;
    }
    ticket.group.release(ticket.member);
    all.release(ticket.group);
  }
}
