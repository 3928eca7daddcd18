// Which pages a role has, in the order of its navigation; the first is its home.
const page = (name, file, view) => ({ name, load: () => import(file).then((module) => module[view]) });

const PAGES = {
  scan: page('scan', './scan/page.js', 'ScanPage'),
  setup: page('setup', './scan/setup.js', 'SetupPage'),
  overview: page('overview', './office/overview.js', 'OverviewPage'),
  stock: page('stock', './office/stock.js', 'StockPage'),
  thresholds: page('thresholds', './office/thresholds.js', 'ThresholdsPage'),
  orders: page('orders', './office/orders.js', 'OrdersPage'),
  held: page('held', './office/held.js', 'HeldPage'),
  codes: page('codes', './office/codes.js', 'CodesPage'),
  labels: page('labels', './labels/page.js', 'LabelsPage'),
  movements: page('movements', './office/movements.js', 'MovementsPage'),
  reports: page('reports', './office/reports.js', 'ReportsPage'),
  users: page('users', './office/users.js', 'UsersPage'),
  keys: page('keys', './office/keys.js', 'KeysPage'),
  audit: page('audit', './office/audit.js', 'AuditPage'),
  supply: page('supply', './supplier/orders.js', 'SupplyPage'),
  levels: page('levels', './supplier/levels.js', 'LevelsPage'),
  system: page('system', './supplier/system.js', 'SystemPage'),
};

const NAMES = {
  clerk: ['scan', 'stock', 'orders', 'labels', 'movements', 'setup'],
  manager: ['overview', 'scan', 'stock', 'thresholds', 'orders', 'held', 'codes', 'labels', 'movements', 'reports',
    'users', 'keys', 'audit', 'setup'],
  supplier: ['supply', 'levels', 'system'],
  admin: ['overview', 'stock', 'thresholds', 'orders', 'held', 'codes', 'movements', 'reports', 'users', 'keys',
    'audit'],
};

const CHOSEN = Object.fromEntries(Object.entries(NAMES).map(([role, names]) => [role,
  names.map((name) => PAGES[name])]));

export const pagesOf = (role) => CHOSEN[role] ?? [PAGES.stock];
