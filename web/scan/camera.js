// The camera as a scanner: its pictures go to the decoder one at a time, as fast as
// it reads them, and what Sight finds to be a scan is handed over.
import { base64 } from '../lib/base64.js';
import { workstation } from '../lib/workstation.js';
import { Sight } from './sight.js';

const WANTED = { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1080 } };
const sight = new Sight(); // outlives the viewfinder: shut and opened again, a pack is still the same
const REST = 40; // ms between two pictures: the page and the battery breathe

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// A code is bytes: as text where they are text, else as base64. JSON of the service takes no NUL.
function wordOf(bytes) {
  try {
    if (!bytes.includes(0)) return { code: utf8.decode(bytes) };
  } catch { /* not UTF-8 */ }
  return { code_base64: base64(bytes) };
}

const asScan = ({ bytes, symbology, box }) => ({ ...wordOf(bytes), symbology, box, key: `${symbology}${base64(bytes)}` });

// The camera types nothing: the habits of this workstation's scanner are not its own,
// and no profile has a name with a slash.
const asRequest = ({ code, code_base64, symbology }) => ({ code, code_base64, symbology,
  workstation: `${workstation().name}/camera` });

// Why there is no picture, as the page says it.
const TROUBLES = {
  NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'none', OverconstrainedError: 'none',
  NotReadableError: 'busy', AbortError: 'busy',
};

class Decoder {
  constructor() {
    this.worker = new Worker(new URL('./camera_worker.js', import.meta.url), { type: 'module' });
  }

  read(picture) {
    return new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.codes));
      this.worker.onerror = () => reject(new Error('the decoder did not load'));
      this.worker.postMessage({ width: picture.width, height: picture.height, data: picture.data },
        [picture.data.buffer]);
    });
  }

  end() {
    this.worker.terminate();
  }
}

export class Camera {
  // onState({state, trouble?, torch?}): opening, running, closed, or failed with a trouble.
  constructor({ video, onScan, onState }) {
    Object.assign(this, { video, onScan, onState });
    this.stream = null;
    this.turn = 0; // of opening: what an older turn still awaits does nothing any more
    this.canvas = document.createElement('canvas');
    this.decoder = null;
  }

  async open() {
    this.close();
    const turn = this.turn;
    this.onState({ state: 'opening' });
    if (!navigator.mediaDevices?.getUserMedia) return this.fail('insecure');
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
    } catch (error) {
      return turn === this.turn ? this.fail(TROUBLES[error.name] ?? 'busy') : null;
    }
    if (turn !== this.turn) return stream.getTracks().forEach((track) => track.stop());
    return this.run(stream);
  }

  async run(stream) {
    const [track] = stream.getVideoTracks();
    const can = track.getCapabilities?.() ?? {};
    this.stream = stream;
    this.track = track;
    track.onended = () => stream === this.stream && this.fail('busy');
    if (can.focusMode?.includes('continuous')) this.adjust({ focusMode: 'continuous' });
    this.video.srcObject = stream;
    await this.video.play().catch(() => null); // closed again meanwhile
    if (stream !== this.stream) return;
    this.decoder = new Decoder();
    this.onState({ state: 'running', torch: can.torch ? false : undefined });
    sight.reopen(performance.now());
    await this.watch(stream);
  }

  async watch(stream) {
    while (stream === this.stream) {
      const picture = this.picture();
      try {
        const codes = picture ? (await this.decoder.read(picture)).map(asScan) : [];
        if (stream !== this.stream) return;
        const scan = picture && sight.look(codes, picture, performance.now());
        if (scan) this.onScan(asRequest(scan));
      } catch (error) {
        console.warn(error);
        this.fail('decoder');
        return;
      }
      await new Promise((resolve) => { setTimeout(resolve, REST); });
    }
  }

  // What the viewfinder shows, which fills its frame and loses what stands over.
  picture() {
    const { videoWidth, videoHeight, clientWidth, clientHeight } = this.video;
    if (!videoWidth || !clientWidth || !clientHeight) return null;
    const scale = Math.max(clientWidth / videoWidth, clientHeight / videoHeight);
    const width = Math.round(clientWidth / scale);
    const height = Math.round(clientHeight / scale);
    Object.assign(this.canvas, { width, height });
    const paper = this.canvas.getContext('2d', { willReadFrequently: true });
    paper.drawImage(this.video, (videoWidth - width) / 2, (videoHeight - height) / 2, width, height, 0, 0, width, height);
    return paper.getImageData(0, 0, width, height);
  }

  async adjust(wish) {
    try {
      await this.track.applyConstraints({ advanced: [wish] });
      return true;
    } catch {
      return false; // this camera cannot
    }
  }

  async light(torch) {
    const track = this.track;
    if (await this.adjust({ torch }) && track === this.track) this.onState({ state: 'running', torch });
  }

  fail(trouble) {
    this.close();
    this.onState({ state: 'failed', trouble });
  }

  close() {
    this.turn += 1;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.decoder?.end();
    this.decoder = null;
    this.video.srcObject = null;
  }
}
