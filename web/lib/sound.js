// Three sounds that differ in pitch and length, so that the screen is not needed:
// accepted is high and short, stopped low and long, "look here" two short knocks.
import { workstation } from './workstation.js';

let audio = null;

// [start s, length s, Hz, wave]
const SOUNDS = {
  accepted: [[0, 0.09, 1320, 'sine']],
  stopped: [[0, 0.42, 196, 'square']],
  look: [[0, 0.06, 660, 'triangle'], [0.11, 0.06, 660, 'triangle']],
};

// A telephone says it to the hand as well, once a finger has touched the page: ms on, off, on.
const SHAKES = { accepted: [60], stopped: [400], look: [60, 90, 60] };

export function play(name) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[name]);
  const { volume } = workstation();
  if (!volume || !window.AudioContext) return;
  audio ??= new AudioContext();
  if (audio.state === 'suspended') audio.resume(); // allowed once a key was pressed
  for (const [start, length, pitch, wave] of SOUNDS[name]) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const at = audio.currentTime + start;
    tone.type = wave;
    tone.frequency.value = pitch;
    // A square wave carries further than a sine of the same height.
    gain.gain.setValueAtTime(volume * (wave === 'square' ? 0.25 : 0.6), at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
  }
}
