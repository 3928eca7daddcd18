// Numbers, money and dates as people here write them; times in the pharmacies' zone.
import { now } from './clock.js';
import { currentLanguage, t } from './text.js';
import { GS, SHOWN_GS } from './typing.js';

const ZONE = 'Asia/Shanghai';
const DAY = 86_400_000;
// Swedish writes ISO dates, which is the form wanted in both languages.
const stamp = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' });

export const NONE = '–';
const missing = (value) => value === null || value === undefined || value === '' || Number.isNaN(value);

export const count = (value) => (missing(value) ? NONE : Number(value).toLocaleString('en-US'));

export function money(value) {
  if (missing(value)) return NONE;
  const amount = Number(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `¥${amount}`;
}

// Large sums on tiles: ten thousands in Chinese, thousands in English.
export function shortMoney(value) {
  if (missing(value)) return NONE;
  const number = Number(value);
  if (Math.abs(number) < 10_000) return money(number);
  const short = (unit, sign) => `¥${(number / unit).toLocaleString('en-US', { maximumFractionDigits: 1 })}${sign}`;
  if (currentLanguage() === 'zh') return Math.abs(number) >= 1e8 ? short(1e8, ' 亿') : short(1e4, ' 万');
  return Math.abs(number) >= 1e6 ? short(1e6, ' M') : short(1e3, ' k');
}

export const decimal = (value, places = 1) => (missing(value) ? NONE
  : Number(value).toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places }));
export const percent = (value, places = 2) => (missing(value) ? NONE : `${decimal(Number(value) * 100, places)} %`);

export const when = (time) => (missing(time) ? NONE : stamp.format(new Date(time)));
export const clockTime = (time) => (missing(time) ? NONE : clock.format(new Date(time)));
export const today = (shift = 0) => day.format(new Date(Date.now() + shift * DAY));
export const dayOf = (time) => (missing(time) ? NONE : day.format(new Date(time)));

export const daysUntil = (date) => Math.round((Date.parse(date) - Date.parse(today())) / DAY);

// An expiry is always a date and how far away it is.
export function expiryText(date) {
  if (missing(date)) return NONE;
  const days = daysUntil(date);
  if (days === 0) return t('time.expiry_today', { date });
  return days < 0 ? t('time.expiry_ago', { date, n: -days }) : t('time.expiry_in', { date, n: days });
}

export function expiryMeaning(date) {
  if (missing(date)) return '';
  const days = daysUntil(date);
  if (days < 0) return 'stopped';
  return days <= 90 ? 'look' : '';
}

// How long ago, in one unit.
export function age(time) {
  if (missing(time)) return NONE;
  const minutes = Math.max(0, Math.floor((now() - Date.parse(time)) / 60_000));
  if (minutes < 60) return t('time.minutes', { n: minutes });
  if (minutes < 48 * 60) return t('time.hours', { n: Math.floor(minutes / 60) });
  return t('time.days', { n: Math.floor(minutes / 1440) });
}

// A date as people type it: 2027-02-28, 20270228, 270228; 2027-02 is its last day.
export function readDate(text) {
  const digits = text.trim().replace(/[年月./]/g, '-').replace(/日|-$/g, '');
  const match = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(digits) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(digits)
    ?? /^(\d{2})(\d{2})(\d{2})$/.exec(digits);
  if (!match) return null;
  const year = match[1].length === 2 ? 2000 + Number(match[1]) : Number(match[1]);
  const month = Number(match[2]);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const date = match[3] === undefined || Number(match[3]) === 0 ? last : Number(match[3]);
  if (month < 1 || month > 12 || date > last) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

// What a name does not say already, to stand behind it.
export const beside = (name, text) => (text && !(name ?? '').includes(text) ? text : '');

// A scanned code on the screen: separators seen, long ones with their ends.
export function codeText(code, most = 28) {
  const seen = (code ?? '').replaceAll(GS, SHOWN_GS);
  return seen.length <= most ? seen : `${seen.slice(0, 8)}…${seen.slice(-8)}`;
}
