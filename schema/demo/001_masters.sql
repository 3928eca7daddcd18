-- Demo district, part 1: the district, 131 pharmacies, 12 suppliers and the accounts. All made up: places,
-- firms and people carry 示例 or "demo" in their names.
SET LOCAL search_path = yaoku, pg_temp;
SET LOCAL ROLE yaoku_owner;

INSERT INTO district (name, name_en, demo_date)
VALUES ('姑苏示例区', 'Gusu demo district', current_setting('yaoku.demo_date')::date)
ON CONFLICT (only_one) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, demo_date = excluded.demo_date;

CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT ordinality::int AS id, split_part(names, ' ', 1) AS name, split_part(names, ' ', 2) AS name_en
FROM unnest(ARRAY['桂溪 Guixi', '枫泽 Fengze', '莲塘 Liantang', '听雨 Tingyu', '云栖 Yunqi', '鹤鸣 Heming',
	'柳汀 Liuting', '梅渚 Meizhu', '竹影 Zhuying', '沧月 Cangyue', '平澜 Pinglan', '星桥 Xingqiao',
	'菱歌 Lingge', '兰皋 Langao', '双桂 Shuanggui', '采苹 Caiping', '望湖 Wanghu', '清漪 Qingyi',
	'玉带 Yudai', '东篱 Dongli', '西浦 Xipu', '南苑 Nanyuan', '北渚 Beizhu', '金葵 Jinkui',
	'银杏 Yinxing', '白荷 Baihe', '青萝 Qingluo', '丹枫 Danfeng', '碧波 Bibo']) WITH ORDINALITY AS p (names);

CREATE TEMPORARY TABLE chain ON COMMIT DROP AS
SELECT ordinality::int AS id, split_part(names, ' ', 1) AS name, split_part(names, ' ', 2) AS name_en
FROM unnest(ARRAY['康泽 Kangze', '济民堂 Jimintang', '百杏林 Baixinglin', '仁和里 Renheli', '本草人家 Bencao',
	'同春 Tongchun', '益寿 Yishou', '安心 Anxin', '吴门 Wumen', '福佑 Fuyou']) WITH ORDINALITY AS p (names);

-- 1 to 29: community health institutions, one for each place. They lock lots three days before expiry.
INSERT INTO pharmacy (id, name, name_en, kind, address, dispensing_lock_days)
SELECT id, format('%s社区卫生服务中心（示例）', name), format('%s Community Health Centre (demo)', name_en),
	'community', format('姑苏示例区%s路%s号', name, id * 7 % 90 + 10), 3
FROM place;

INSERT INTO pharmacy (id, name, name_en, kind, address, dispensing_lock_days) VALUES
	(30, '姑苏示例区第一人民医院（示例）', 'First People''s Hospital of the demo district', 'hospital',
		'姑苏示例区沧月路188号', 7),
	(31, '姑苏示例区中医医院（示例）', 'Hospital of Chinese Medicine of the demo district', 'hospital',
		'姑苏示例区云栖路66号', 7);

-- 32 to 131: ten branches of each of ten chains.
INSERT INTO pharmacy (id, name, name_en, kind, address)
SELECT 31 + (c.id - 1) * 10 + branch, format('%s大药房%s店（示例）', c.name, p.name),
	format('%s Pharmacy, %s branch (demo)', c.name_en, p.name_en), 'retail',
	format('姑苏示例区%s路%s号', p.name, (c.id * 31 + branch * 17) % 280 + 3)
FROM chain c
CROSS JOIN generate_series(1, 10) AS branch
JOIN place p ON p.id = (c.id * 5 + branch * 3) % 29 + 1;

INSERT INTO supplier (id, name, name_en, lead_days)
SELECT ordinality, format('%s医药有限公司（示例）', split_part(names, ' ', 1)),
	format('%s Pharmaceutical Co. (demo)', split_part(names, ' ', 2)), CASE WHEN ordinality <= 6 THEN 1 ELSE 2 END
FROM unnest(ARRAY['吴越通达 Wuyue-Tongda', '江南惠康 Jiangnan-Huikang', '太湖联合 Taihu-Lianhe', '沧浪华仁 Canglang-Huaren',
	'金阊恒信 Jinchang-Hengxin', '平江普济 Pingjiang-Puji', '虎丘瑞丰 Huqiu-Ruifeng', '运河德康 Yunhe-Dekang',
	'枫桥明远 Fengqiao-Mingyuan', '宝带仁心 Baodai-Renxin', '灵岩百信 Lingyan-Baixin', '阳澄同健 Yangcheng-Tongjian'])
	WITH ORDINALITY AS s (names);

-- Everybody's password is "demo": these lines are public anyway, and a service with made-up data listens on
-- loopback only. `clerk` and `manager` work at pharmacy 1, `supplier` for supplier 1; clerk2 to clerk131 are
-- the people of the other pharmacies, whom the history needs.
INSERT INTO account (id, kind, role, pharmacy_id, supplier_id, login, name, secret, created_at)
OVERRIDING SYSTEM VALUE
SELECT a.id, 'person', a.role, a.pharmacy_id, a.supplier_id, a.login, a.name,
	'$argon2id$v=19$m=19456,t=2,p=1$eWFva3UtZGVtby1zYWx0IQ$Ved4UcavSJikti+bKOhGVgzHdAgJMbl56axJvXpAdsk',
	(current_setting('yaoku.demo_date')::date - 91)::timestamp AT TIME ZONE 'Asia/Shanghai'
FROM (
	VALUES (1, 'admin', NULL::int, NULL::int, 'admin', '示例管理员'),
		(2, 'manager', 1, NULL, 'manager', '示例主任'),
		(3, 'supplier', NULL, 1, 'supplier', '示例供货员')
	UNION ALL
	SELECT 1000 + p.id, 'clerk', p.id, NULL, 'clerk' || CASE WHEN p.id > 1 THEN p.id::text ELSE '' END,
		'示例药师' || p.id
	FROM pharmacy p
) AS a (id, role, pharmacy_id, supplier_id, login, name)
ORDER BY a.id;

SELECT setval(pg_get_serial_sequence('account', 'id'), max(id)) FROM account;
RESET ROLE;
