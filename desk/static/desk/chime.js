// @ts-check
/** A soft sound of two notes, made here: there is no file to load. */

const NOTES = [659.26, 880]; // E5 and A5, in Hz
const APART_S = 0.14;
const LASTS_S = 0.7;
const LOUDEST = 0.06;

/** @type {AudioContext|null} */
let context = null;

let waits = false;

/** Browsers let a page sound only once somebody has used it: what comes before is heard then, once. */
export async function chime() {
  if (waits) return;
  context ??= new AudioContext();
  waits = true;
  await context.resume();
  waits = false;
  for (const [index, hertz] of NOTES.entries()) note(context, hertz, index);
}

/**
 * @param {AudioContext} context
 * @param {number} hertz
 * @param {number} index
 */
function note(context, hertz, index) {
  const begins = context.currentTime + index * APART_S;
  const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, begins);
  volume.gain.linearRampToValueAtTime(LOUDEST, begins + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, begins + LASTS_S);
  tone.connect(volume).connect(context.destination);
  tone.start(begins);
  tone.stop(begins + LASTS_S);
}
