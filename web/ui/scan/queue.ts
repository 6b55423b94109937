// Room: web/ui. Scans on their way to the server: in order, one at a time, kept in the browser until answered, so that a
// lost network, a reload or a closed tab loses none. Only opaque numbers are kept, and the same id is sent again.

export interface Scan {
  /** The server takes the same id once. */
  readonly id: string;
  readonly code: string;
  /** When it was read, ISO 8601. */
  readonly at: string;
  /** What was set when it was read (the reason); '' where nothing is. It goes with the scan, however late it is sent. */
  readonly setting: string;
}

export type Tone = 'good' | 'again' | 'bad';

export interface ScanAnswer {
  readonly tone: Tone;
  /** The big word. */
  readonly word: string;
  readonly detail?: string | undefined;
  /** By which it can be undone; none where there is nothing to undo. */
  readonly undoId?: string | undefined;
}

export interface ScanQueueOptions {
  /** One a station and purpose. */
  readonly storeKey: string;
  readonly store: Pick<Storage, 'getItem' | 'setItem'>;
  /** 'later' where the server could not be reached. */
  readonly send: (scan: Scan) => Promise<ScanAnswer | 'later'>;
  readonly onAnswer: (scan: Scan, answer: ScanAnswer) => void;
  readonly onWaiting: (count: number, offline: boolean) => void;
  readonly retryMs?: number;
}

export class ScanQueue {
  readonly #options: ScanQueueOptions;
  #waiting: Scan[];
  #sending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: ScanQueueOptions) {
    this.#options = options;
    this.#waiting = stored(options.store.getItem(options.storeKey));
  }

  get waiting(): readonly Scan[] {
    return this.#waiting;
  }

  start(): void {
    this.#stopped = false;
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  add(scan: Scan): void {
    this.#keep([...this.#waiting, scan]);
    void this.#run();
  }

  #keep(waiting: Scan[]): void {
    this.#waiting = waiting;
    this.#options.store.setItem(this.#options.storeKey, JSON.stringify(waiting));
  }

  async #run(): Promise<void> {
    if (this.#sending || this.#stopped) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    let offline = false;
    for (let next = this.#waiting[0]; next !== undefined && !this.#stopped; next = this.#waiting[0]) {
      const answer = await this.#options.send(next);
      if (answer === 'later') {
        offline = true;
        break;
      }
      this.#keep(this.#waiting.slice(1));
      this.#options.onAnswer(next, answer);
    }
    this.#sending = false;
    this.#options.onWaiting(this.#waiting.length, offline);
    if (offline && !this.#stopped) this.#timer = setTimeout(() => void this.#run(), this.#options.retryMs ?? 3000);
  }
}

function stored(text: string | null): Scan[] {
  if (text === null) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isScan) : [];
  } catch {
    return [];
  }
}

function isScan(value: unknown): value is Scan {
  const scan = value as Partial<Scan> | null;
  return (
    typeof scan?.id === 'string' &&
    typeof scan.code === 'string' &&
    typeof scan.at === 'string' &&
    typeof scan.setting === 'string'
  );
}
