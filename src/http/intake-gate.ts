import { BodyError, type BodyPlace } from './raw-body.ts';

export interface IntakeLimits {
  /** Callbacks that may be read or wait for their commit at a time, in this process. @default 2000 */
  readonly mostAtOnce?: number;
  /** What their bodies may take in memory. @default 64 MB */
  readonly mostBytes?: number;
  /** A body that takes longer than this to arrive gives way when there is no room. @default 1000 */
  readonly slowAfterMs?: number;
}

/** How much of the process callbacks may take. */
export interface IntakeGate {
  /** A place for one callback. Throws `INTAKE_FULL` at once where there is none: an answer in time beats a long queue. */
  enter(): Place;
  /** Callbacks that are read and wait for their commit. */
  waiting(): number;
}

export interface Place extends BodyPlace {
  /** The body has arrived: from now on it gives way to nobody. */
  arrived(): void;
  leave(): void;
}

/** Bounds what many callbacks at once take: beyond it they are answered 503 instead of filling memory, the slowest bodies first. */
export function createIntakeGate({
  mostAtOnce = 2000,
  mostBytes = 64 * 1024 * 1024,
  slowAfterMs = 1000,
}: IntakeLimits = {}): IntakeGate {
  /** Oldest first. */
  const arriving = new Map<Place, { readonly since: number; giveWay: (why: BodyError) => void }>();
  let places = 0;
  let bytes = 0;

  /** Sends away whoever has taken longest to send a body, if that was long. */
  function makeRoom(forWhom?: Place): boolean {
    for (const [place, { since, giveWay }] of arriving) {
      if (performance.now() - since < slowAfterMs) return false;
      if (place === forWhom) continue;
      place.leave();
      giveWay(full('A slow body had to give way.', true));
      return true;
    }
    return false;
  }

  return {
    enter() {
      if (places >= mostAtOnce && !makeRoom()) throw full(`${places} callbacks are being taken.`);
      let held = 0;
      let isHere = true;
      places += 1;
      const place: Place = {
        grow(count) {
          if (!isHere) return;
          if (bytes + count > mostBytes && !makeRoom(place)) throw full('The bodies being read take too much room.', true);
          held += count;
          bytes += count;
        },
        onGiveWay(listener) {
          const entry = arriving.get(place);
          if (entry) entry.giveWay = listener;
        },
        arrived: () => void arriving.delete(place),
        leave() {
          if (!isHere) return;
          isHere = false;
          arriving.delete(place);
          places -= 1;
          bytes -= held;
        },
      };
      arriving.set(place, { since: performance.now(), giveWay: () => undefined });
      return place;
    },
    waiting: () => places - arriving.size,
  };
}

/** `isUnfinished`: the rest of the body is not waited for. */
function full(why: string, isUnfinished = false): BodyError {
  return new BodyError(
    503,
    'INTAKE_FULL',
    `More callbacks arrive than can be taken. ${why}`,
    'Please send it again.',
    isUnfinished,
  );
}
