// The scan page: field and result on the left, the last scans and lists on the right.
import { html, useEffect, useMemo, useReducer, useRef, useState } from '/vendor/preact.js';
import { Icon } from '../parts/icon.js';
import { Notice, Problem } from '../parts/notice.js';
import { changeQuery, useRoute } from '../lib/router.js';
import { t, word } from '../lib/text.js';
import { play } from '../lib/sound.js';
import { chooseAnswer, commandIn, confirmQuestion } from './commands.js';
import { mayHaveCamera, useCamera } from './camera_loader.js';
import { codeOf } from './code.js';
import { Desk } from './desk.js';
import { ScanField } from './scan_field.js';
import { KeyCatcher } from './keys.js';
import { QueueNotices } from './queue_notices.js';
import { Result } from './result.js';
import { Shipments } from './shipment_panel.js';
import { SetupHint } from './setup_hint.js';
import { SidePanel } from './side_panel.js';

const MODES = { F1: 'dispense', F2: 'receive', F3: 'return', F6: 'write_off' };
const SIDES = { F7: 'recent', F8: 'search', F9: 'held', F10: 'workstation' };

function useDesk(user) {
  const desk = useMemo(() => new Desk(user), [user.pharmacy_id, user.account]);
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const off = desk.onChange(redraw);
    desk.start();
    return () => { off(); desk.stop(); };
  }, [desk]);
  return desk;
}

// Words where the open question has no such answer, or nothing is asked.
function unanswered(answered, missing) {
  if (answered) return null;
  return t(answered === null ? 'command.no_question' : missing);
}

export function ScanPage({ user, onLine, onLeave }) {
  const desk = useDesk(user);
  const { query } = useRoute();
  const field = useRef(null);
  const [failure, setFailure] = useState(null);
  const [remark, setRemark] = useState(null); // on the last command
  const camera = useCamera();
  const side = query.side ?? 'recent';

  useEffect(() => onLine(desk.line), [desk.line]);
  useEffect(() => () => onLine(null), []);
  useEffect(() => field.current?.focus(), []);

  const undo = async () => {
    setFailure(null);
    setRemark(null);
    try {
      const undone = await desk.undo('undone');
      desk.change({ said: undone ? t('scan.undone', undone) : t('scan.nothing_to_undo'), asking: false });
    } catch (error) {
      setFailure(error);
    }
    field.current?.focus();
  };

  const toMode = (mode) => { setRemark(null); desk.setMode(mode); field.current.focus(); };

  const clear = () => {
    desk.change({ asking: false, quantity: 1, said: null, doubt: null, offer: null });
    setFailure(null);
    setRemark(null);
    field.current.value = '';
    field.current.focus();
  };

  // What a command code does; words come back when it could not.
  const commands = {
    ...Object.fromEntries(Object.values(MODES).map((mode) => [mode, () => { toMode(mode); play('accepted'); }])),
    quantity: ({ n }) => { desk.change({ quantity: n, said: null }); play('accepted'); },
    confirm: async () => unanswered(await confirmQuestion(), 'command.no_default'),
    choice: async ({ n }) => unanswered(await chooseAnswer(n), 'command.no_choice'),
    cancel: () => { clear(); play('accepted'); },
    undo: () => { undo(); },
  };

  // A line of a scanner or a code of the camera: a command, or what `scan` takes.
  const take = async (text, scan) => {
    setFailure(null);
    setRemark(null);
    const command = commandIn(text);
    if (!command) {
      scan();
      return;
    }
    const words = commands[command.name] ? await commands[command.name](command) : t('command.unknown');
    if (!words) return;
    play('look');
    setRemark(words);
  };

  const shortcut = (event) => {
    if (event.repeat && event.key === 'Enter') return true; // a question's second Enter is pressed, not held
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && MODES[event.key]) {
      toMode(MODES[event.key]);
      return true;
    }
    if (plain && SIDES[event.key]) {
      changeQuery({ side: SIDES[event.key] });
      return true;
    }
    if (event.key === 'Escape') {
      clear();
      return true;
    }
    if (event.altKey && event.code === 'KeyC' && mayHaveCamera()) {
      if (!event.repeat) camera.toggle();
      return true;
    }
    const typing = document.activeElement?.value && document.activeElement.matches('input,textarea');
    if (event.ctrlKey && event.key.toLowerCase() === 'z' && !typing) {
      if (!event.repeat) undo(); // a key held down is one wish
      return true;
    }
    return false;
  };

  // The catcher lives as long as the page; it reads the newest functions here.
  const live = useRef({});
  live.current = { shortcut, take };
  useEffect(() => new KeyCatcher({
    field: () => field.current,
    onScan: (text) => { desk.doubt = null; live.current.take(text, () => desk.submit(text)); field.current.focus(); },
    onIme: (on) => desk.ime !== on && desk.change({ ime: on }),
    onDoubt: (doubt) => desk.change({ doubt }),
    shortcut: (event) => live.current.shortcut(event),
  }).start(), [desk]);

  return html`<main class="page scan ${desk.mode}" id="main">
    <h1 class="hidden-words">${t('page.scan')}</h1>
    <div class="scan-left">
      <div class="scan-head">
        <div class="modes" role="group" aria-label=${t('scan.modes')}>
          ${Object.entries(MODES).map(([key, mode]) => html`<button key=${mode}
            aria-pressed=${String(desk.mode === mode)} onClick=${() => toMode(mode)}>${t(`mode.${mode}`)} <kbd>${key}</kbd>
              </button>`)}
        </div>
        ${mayHaveCamera() && html`<button class="camera-button" aria-pressed=${String(camera.isOpen)}
          onClick=${camera.toggle}><${Icon} name="camera" /> ${t('camera.title')} <kbd>Alt+C</kbd></button>`}
      </div>
      ${desk.mode === 'write_off' && desk.reason && html`<p class="why">${t('write_off.holds')} <b>${word('reason', desk.reason)}</b>
        ${' '}<button class="quiet" onClick=${() => desk.change({ reason: null })}>${t('write_off.change')}</button></p>`}
      <${ScanField} desk=${desk} field=${field} />
      <${SetupHint} />
      <${QueueNotices} desk=${desk} user=${user} onLeave=${onLeave} />
      <${Problem} error=${failure} />
      ${remark && html`<${Notice} meaning="look"><p class="remark">${remark}</p></${Notice}>`}
      ${camera.failed && html`<${Notice} meaning="look"><p>${t('camera_trouble.decoder')}</p></${Notice}>`}
      ${camera.Panel && html`<${camera.Panel} onScan=${(scan) => take(codeOf(scan), () => desk.take(scan))} />`}
      <${Result} desk=${desk} done=${() => field.current?.focus()} />
      ${desk.mode === 'receive' && html`<${Shipments} desk=${desk} />`}
    </div>
    <${SidePanel} desk=${desk} side=${side} keys=${SIDES} undo=${undo} />
  </main>`;
}
