// Room: web/ui. Three tones that cannot be taken for each other: people at a scan station look at the envelope, not at
// the screen. Never the only sign: word, mark and colour say the same.
import type { Tone } from './queue.ts';

const SWITCH = 'todoke.sound';

/** Hertz, start and length in seconds. */
const NOTES = {
  good: [
    [880, 0, 0.07],
    [1320, 0.08, 0.12],
  ],
  again: [
    [587, 0, 0.12],
    [587, 0.2, 0.12],
    [587, 0.4, 0.12],
  ],
  bad: [[196, 0, 0.7]],
} as const satisfies Record<Tone, readonly (readonly [number, number, number])[]>;

let context: AudioContext | undefined;

export function isSoundOn(): boolean {
  return localStorage.getItem(SWITCH) !== 'off';
}

export function switchSound(on: boolean): void {
  localStorage.setItem(SWITCH, on ? 'on' : 'off');
}

export function play(tone: Tone): void {
  if (!isSoundOn()) return;
  context ??= new AudioContext();
  void context.resume();
  for (const [hertz, start, length] of NOTES[tone]) {
    const note = context.createOscillator();
    const volume = context.createGain();
    const from = context.currentTime + start;
    note.type = tone === 'bad' ? 'sawtooth' : 'sine';
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.3, from + 0.01);
    volume.gain.setValueAtTime(0.3, from + length - 0.02);
    volume.gain.linearRampToValueAtTime(0, from + length);
    note.connect(volume).connect(context.destination);
    note.start(from);
    note.stop(from + length);
  }
}
