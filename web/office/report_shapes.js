// What each report asks, draws and lists.
import { count, decimal, money, percent } from '../lib/format.js';
import { t } from '../lib/text.js';

const column = (key, label, show) => ({ key, label, right: true, cell: (row) => show(row[key]) });
const labelled = (group) => ({ key: 'label', label: group, lead: true });

export const REPORTS = {
  turnover: {
    first: 'turnover',
    question: (group) => t(group === 'month' ? 'report.turnover_by_month' : 'report.turnover_by_group'),
    method: () => t('report.turnover_method'),
    series: () => ({ key: 'turnover', label: t('report.turnover'), show: (value) => decimal(value, 1) }),
    columns: (group) => [
      labelled(group),
      column('dispensed_quantity', t('report.dispensed_quantity'), count),
      column('dispensed_value', t('report.dispensed_value'), money),
      column('mean_inventory_value', t('report.mean_inventory'), money),
      column('turnover', t('report.turnover'), (value) => decimal(value, 2)),
      column('days_of_stock', t('report.days_of_stock'), (value) => decimal(value, 0)),
    ],
  },
  'expiry-loss': {
    first: '-written_off_value',
    question: (group) => t(group === 'month' ? 'report.loss_by_month' : 'report.loss_by_group'),
    method: () => t('report.loss_method'),
    series: () => ({ key: 'written_off_value', label: t('report.written_off_value'), show: money }),
    columns: (group) => [
      labelled(group),
      column('written_off_quantity', t('report.written_off_quantity'), count),
      column('written_off_value', t('report.written_off_value'), money),
      column('other_write_off_value', t('report.other_write_off_value'), money),
      column('purchased_value', t('report.purchased_value'), money),
      column('write_off_rate', t('report.write_off_rate'), percent),
      column('expired_on_shelf_quantity', t('report.expired_quantity'), count),
      column('expired_on_shelf_value', t('report.expired_value'), money),
    ],
  },
};
