-- Demo district, part 2: 420 products. Generic names, strengths and forms are facts of Chinese practice;
-- makers, approval numbers (of the year 2099), GTINs (GS1's demonstration prefix 952), trace prefixes and
-- prices are made up.
SET LOCAL search_path = yaoku, pg_temp;
SET LOCAL ROLE yaoku_owner;

-- The last digit of a GTIN: weights 3 and 1 in turn, from the right (GS1 General Specifications 7.9).
CREATE FUNCTION pg_temp.gtin(_digits text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN _digits || (10 - (SELECT sum(substr(_digits, i, 1)::int * CASE WHEN (length(_digits) - i) % 2 = 0 THEN 3 ELSE 1 END)
	FROM generate_series(1, length(_digits)) AS i) % 10) % 10;

-- 0 to 1, always the same for the same numbers.
CREATE FUNCTION pg_temp.fraction(_id bigint, _purpose bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(_id, _purpose) & 1048575) / 1048576.0;

CREATE TEMPORARY TABLE form ON COMMIT DROP AS
SELECT * FROM (VALUES
	('片', 'tablets', 720), ('胶囊', 'capsules', 720), ('颗粒', 'granules', 720), ('缓释片', 'prolonged-release tablets', 720),
	('控释片', 'controlled-release tablets', 1080), ('肠溶片', 'gastro-resistant tablets', 720), ('分散片', 'dispersible tablets', 720),
	('肠溶胶囊', 'gastro-resistant capsules', 720), ('缓释胶囊', 'prolonged-release capsules', 720), ('软胶囊', 'soft capsules', 720),
	('咀嚼片', 'chewable tablets', 720), ('丸', 'pills', 1080), ('滴丸', 'dripping pills', 1080), ('口服液', 'oral liquid', 720),
	('口服溶液', 'oral solution', 720), ('混悬液', 'oral suspension', 720), ('干混悬剂', 'powder for oral suspension', 720),
	('糖浆', 'syrup', 720), ('注射液', 'injection', 720), ('粉针', 'powder for injection', 720), ('滴眼液', 'eye drops', 720),
	('眼膏', 'eye ointment', 1080), ('乳膏', 'cream', 720), ('软膏', 'ointment', 1080), ('凝胶', 'gel', 720), ('栓', 'suppositories', 720),
	('气雾剂', 'pressurised inhalation', 720), ('吸入粉雾剂', 'inhalation powder', 720), ('鼻喷雾剂', 'nasal spray', 720),
	('散', 'powder', 1080), ('贴膏', 'plasters', 720), ('洗液', 'lotion', 1080), ('水', 'liquid', 1080), ('合剂', 'mixture', 720),
	('溶液', 'solution', 1080)
) AS f (name, name_en, shelf_life_days);

CREATE TEMPORARY TABLE medicine ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY m.ordinality, s.ordinality)::int AS id, m.generic_name, m.name_en, m.form,
	m.letter, m.price, m.flags, s.strength, s.ordinality AS strength_number
FROM (SELECT v.*, row_number() OVER () AS ordinality FROM (VALUES
	-- generic name, in English, form, kind of approval, about what a pack costs, essential/antibiotic, strengths
	('阿莫西林', 'Amoxicillin', '胶囊', 'H', 9.8, 'ea', '0.25g×24粒|0.5g×24粒'),
	('阿莫西林', 'Amoxicillin', '颗粒', 'H', 12.5, 'ea', '0.125g×12袋'),
	('阿莫西林克拉维酸钾', 'Amoxicillin and clavulanate potassium', '片', 'H', 22, 'ea', '0.375g×6片|0.625g×12片'),
	('青霉素V钾', 'Phenoxymethylpenicillin potassium', '片', 'H', 11, 'a', '0.25g×24片'),
	('头孢氨苄', 'Cefalexin', '胶囊', 'H', 8.6, 'ea', '0.125g×30粒|0.25g×24粒'),
	('头孢拉定', 'Cefradine', '胶囊', 'H', 10.4, 'ea', '0.25g×24粒'),
	('头孢呋辛酯', 'Cefuroxime axetil', '片', 'H', 24, 'ea', '0.125g×12片|0.25g×12片'),
	('头孢克洛', 'Cefaclor', '干混悬剂', 'H', 26, 'a', '0.125g×6袋|0.125g×12袋'),
	('头孢克肟', 'Cefixime', '分散片', 'H', 28, 'a', '0.1g×6片|0.1g×12片'),
	('头孢地尼', 'Cefdinir', '胶囊', 'H', 31, 'a', '0.1g×10粒'),
	('头孢丙烯', 'Cefprozil', '片', 'H', 25, 'a', '0.25g×8片'),
	('头孢曲松钠', 'Ceftriaxone sodium', '粉针', 'H', 18, 'ea', '0.5g×10支|1.0g×10支'),
	('头孢唑林钠', 'Cefazolin sodium', '粉针', 'H', 16, 'ea', '0.5g×10支'),
	('阿奇霉素', 'Azithromycin', '片', 'H', 16.5, 'ea', '0.25g×6片|0.5g×3片'),
	('阿奇霉素', 'Azithromycin', '干混悬剂', 'H', 18.2, 'ea', '0.1g×6袋'),
	('罗红霉素', 'Roxithromycin', '胶囊', 'H', 11.2, 'a', '0.15g×12粒'),
	('克拉霉素', 'Clarithromycin', '片', 'H', 21, 'ea', '0.25g×8片|0.25g×16片'),
	('红霉素', 'Erythromycin', '肠溶片', 'H', 9.2, 'ea', '0.125g×24片'),
	('左氧氟沙星', 'Levofloxacin', '片', 'H', 15.8, 'ea', '0.1g×12片|0.5g×4片'),
	('左氧氟沙星', 'Levofloxacin', '滴眼液', 'H', 12.6, 'ea', '5ml:15mg'),
	('莫西沙星', 'Moxifloxacin', '片', 'H', 38, 'a', '0.4g×3片'),
	('诺氟沙星', 'Norfloxacin', '胶囊', 'H', 6.5, 'ea', '0.1g×24粒'),
	('环丙沙星', 'Ciprofloxacin', '片', 'H', 7.4, 'ea', '0.25g×12片'),
	('甲硝唑', 'Metronidazole', '片', 'H', 5.6, 'e', '0.2g×24片|0.2g×100片'),
	('替硝唑', 'Tinidazole', '片', 'H', 9.4, 'e', '0.5g×8片'),
	('复方磺胺甲噁唑', 'Compound sulfamethoxazole', '片', 'H', 6.2, 'ea', '0.48g×24片'),
	('多西环素', 'Doxycycline', '片', 'H', 13.4, 'ea', '0.1g×20片'),
	('克林霉素', 'Clindamycin', '胶囊', 'H', 12.8, 'ea', '0.15g×20粒'),
	('磷霉素氨丁三醇', 'Fosfomycin trometamol', '散', 'H', 32, 'a', '3g×2袋'),
	('呋喃妥因', 'Nitrofurantoin', '肠溶片', 'H', 8.8, 'ea', '50mg×24片'),
	('氟康唑', 'Fluconazole', '胶囊', 'H', 14.6, 'e', '50mg×6粒|0.15g×3粒'),
	('伊曲康唑', 'Itraconazole', '胶囊', 'H', 36, 'e', '0.1g×14粒'),
	('特比萘芬', 'Terbinafine', '乳膏', 'H', 13.2, '', '10g:0.1g'),
	('硝酸咪康唑', 'Miconazole nitrate', '乳膏', 'H', 11.8, 'e', '20g:0.4g'),
	('阿昔洛韦', 'Aciclovir', '片', 'H', 8.2, 'e', '0.2g×24片'),
	('伐昔洛韦', 'Valaciclovir', '片', 'H', 24, '', '0.3g×6片|0.3g×12片'),
	('奥司他韦', 'Oseltamivir', '胶囊', 'H', 68, 'e', '75mg×6粒|75mg×10粒'),
	('奥司他韦', 'Oseltamivir', '颗粒', 'H', 52, 'e', '15mg×10袋'),
	('恩替卡韦', 'Entecavir', '分散片', 'H', 26, 'e', '0.5mg×7片|0.5mg×28片'),
	('替诺福韦二吡呋酯', 'Tenofovir disoproxil', '片', 'H', 48, 'e', '0.3g×30片'),
	('对乙酰氨基酚', 'Paracetamol', '片', 'H', 6.8, 'e', '0.5g×12片|0.5g×20片'),
	('对乙酰氨基酚', 'Paracetamol', '混悬液', 'H', 16.2, 'e', '100ml:3.2g'),
	('布洛芬', 'Ibuprofen', '缓释胶囊', 'H', 13.8, 'e', '0.3g×20粒|0.3g×24粒'),
	('布洛芬', 'Ibuprofen', '混悬液', 'H', 18.6, 'e', '100ml:2g'),
	('双氯芬酸钠', 'Diclofenac sodium', '缓释片', 'H', 12.4, 'e', '75mg×10片|0.1g×10片'),
	('塞来昔布', 'Celecoxib', '胶囊', 'H', 26, '', '0.2g×6粒|0.2g×18粒'),
	('美洛昔康', 'Meloxicam', '片', 'H', 15.2, '', '7.5mg×10片'),
	('洛索洛芬钠', 'Loxoprofen sodium', '片', 'H', 19.4, '', '60mg×20片'),
	('阿司匹林', 'Aspirin', '肠溶片', 'H', 9.6, 'e', '25mg×100片|100mg×30片'),
	('吲哚美辛', 'Indometacin', '栓', 'H', 10.8, 'e', '50mg×10枚'),
	('别嘌醇', 'Allopurinol', '片', 'H', 14.2, 'e', '0.1g×100片'),
	('非布司他', 'Febuxostat', '片', 'H', 29, '', '20mg×14片|40mg×14片'),
	('秋水仙碱', 'Colchicine', '片', 'H', 18, 'e', '0.5mg×20片'),
	('硝苯地平', 'Nifedipine', '控释片', 'H', 24.6, 'e', '30mg×7片|30mg×28片'),
	('硝苯地平', 'Nifedipine', '缓释片', 'H', 10.6, 'e', '20mg×30片'),
	('苯磺酸氨氯地平', 'Amlodipine besilate', '片', 'H', 12.2, 'e', '5mg×14片|5mg×28片'),
	('非洛地平', 'Felodipine', '缓释片', 'H', 19.8, 'e', '5mg×10片|5mg×30片'),
	('左氨氯地平', 'Levamlodipine', '片', 'H', 16.8, '', '2.5mg×14片'),
	('厄贝沙坦', 'Irbesartan', '片', 'H', 15.4, '', '75mg×14片|0.15g×14片'),
	('缬沙坦', 'Valsartan', '胶囊', 'H', 14.8, 'e', '80mg×14粒|80mg×28粒'),
	('氯沙坦钾', 'Losartan potassium', '片', 'H', 18.4, '', '50mg×14片|100mg×7片'),
	('替米沙坦', 'Telmisartan', '片', 'H', 16, '', '40mg×14片|80mg×14片'),
	('奥美沙坦酯', 'Olmesartan medoxomil', '片', 'H', 20.4, '', '20mg×14片'),
	('培哚普利', 'Perindopril', '片', 'H', 26.4, '', '4mg×10片|4mg×30片'),
	('贝那普利', 'Benazepril', '片', 'H', 17.6, '', '10mg×14片'),
	('依那普利', 'Enalapril', '片', 'H', 9.4, 'e', '5mg×16片|10mg×16片'),
	('卡托普利', 'Captopril', '片', 'H', 5.8, 'e', '25mg×100片'),
	('美托洛尔', 'Metoprolol', '缓释片', 'H', 15.6, 'e', '47.5mg×7片|47.5mg×28片'),
	('酒石酸美托洛尔', 'Metoprolol tartrate', '片', 'H', 8, 'e', '25mg×20片'),
	('比索洛尔', 'Bisoprolol', '片', 'H', 14.4, 'e', '2.5mg×18片|5mg×18片'),
	('普萘洛尔', 'Propranolol', '片', 'H', 7.2, 'e', '10mg×100片'),
	('氢氯噻嗪', 'Hydrochlorothiazide', '片', 'H', 6, 'e', '25mg×100片'),
	('呋塞米', 'Furosemide', '片', 'H', 7.8, 'e', '20mg×100片'),
	('螺内酯', 'Spironolactone', '片', 'H', 8.4, 'e', '20mg×100片'),
	('吲达帕胺', 'Indapamide', '片', 'H', 10.2, 'e', '2.5mg×28片'),
	('单硝酸异山梨酯', 'Isosorbide mononitrate', '缓释片', 'H', 17.2, 'e', '40mg×24片|60mg×14片'),
	('硝酸甘油', 'Glyceryl trinitrate', '片', 'H', 21, 'e', '0.5mg×100片'),
	('地高辛', 'Digoxin', '片', 'H', 16.4, 'e', '0.25mg×30片'),
	('胺碘酮', 'Amiodarone', '片', 'H', 20.2, 'e', '0.2g×10片'),
	('曲美他嗪', 'Trimetazidine', '片', 'H', 18.8, '', '20mg×30片'),
	('阿托伐他汀钙', 'Atorvastatin calcium', '片', 'H', 16.6, 'e', '10mg×14片|20mg×14片'),
	('瑞舒伐他汀钙', 'Rosuvastatin calcium', '片', 'H', 17.8, 'e', '5mg×14片|10mg×14片'),
	('辛伐他汀', 'Simvastatin', '片', 'H', 9, 'e', '20mg×14片'),
	('匹伐他汀钙', 'Pitavastatin calcium', '片', 'H', 27, '', '2mg×14片'),
	('非诺贝特', 'Fenofibrate', '胶囊', 'H', 18, '', '0.2g×10粒|0.2g×20粒'),
	('依折麦布', 'Ezetimibe', '片', 'H', 33, '', '10mg×10片'),
	('氯吡格雷', 'Clopidogrel', '片', 'H', 25.6, 'e', '25mg×20片|75mg×7片'),
	('替格瑞洛', 'Ticagrelor', '片', 'H', 46, 'e', '90mg×14片'),
	('利伐沙班', 'Rivaroxaban', '片', 'H', 54, 'e', '10mg×5片|20mg×7片'),
	('华法林钠', 'Warfarin sodium', '片', 'H', 13, 'e', '2.5mg×80片'),
	('二甲双胍', 'Metformin', '片', 'H', 7.6, 'e', '0.25g×48片|0.5g×20片'),
	('二甲双胍', 'Metformin', '缓释片', 'H', 14, 'e', '0.5g×30片'),
	('格列美脲', 'Glimepiride', '片', 'H', 15, 'e', '1mg×30片|2mg×30片'),
	('格列齐特', 'Gliclazide', '缓释片', 'H', 16.2, 'e', '30mg×30片|60mg×30片'),
	('格列吡嗪', 'Glipizide', '控释片', 'H', 18.6, 'e', '5mg×14片'),
	('瑞格列奈', 'Repaglinide', '片', 'H', 19, '', '1mg×30片'),
	('阿卡波糖', 'Acarbose', '片', 'H', 16.8, 'e', '50mg×30片|100mg×30片'),
	('吡格列酮', 'Pioglitazone', '片', 'H', 17.4, '', '15mg×14片'),
	('西格列汀', 'Sitagliptin', '片', 'H', 36, 'e', '100mg×7片|100mg×14片'),
	('利格列汀', 'Linagliptin', '片', 'H', 39, 'e', '5mg×7片'),
	('达格列净', 'Dapagliflozin', '片', 'H', 42, 'e', '10mg×14片|10mg×30片'),
	('恩格列净', 'Empagliflozin', '片', 'H', 43, 'e', '10mg×10片'),
	('左甲状腺素钠', 'Levothyroxine sodium', '片', 'H', 22.8, 'e', '50μg×100片'),
	('甲巯咪唑', 'Thiamazole', '片', 'H', 12, 'e', '5mg×100片'),
	('泼尼松', 'Prednisone', '片', 'H', 8.6, 'e', '5mg×100片'),
	('甲泼尼龙', 'Methylprednisolone', '片', 'H', 21.4, '', '4mg×24片'),
	('地塞米松', 'Dexamethasone', '片', 'H', 6.4, 'e', '0.75mg×100片'),
	('碳酸钙D3', 'Calcium carbonate and vitamin D3', '片', 'H', 29, '', '600mg×30片|600mg×60片'),
	('阿仑膦酸钠', 'Alendronate sodium', '片', 'H', 34, 'e', '70mg×4片'),
	('骨化三醇', 'Calcitriol', '软胶囊', 'H', 37, 'e', '0.25μg×10粒|0.25μg×20粒'),
	('奥美拉唑', 'Omeprazole', '肠溶胶囊', 'H', 11.4, 'e', '20mg×14粒|20mg×28粒'),
	('雷贝拉唑钠', 'Rabeprazole sodium', '肠溶片', 'H', 22.4, '', '10mg×7片|20mg×7片'),
	('泮托拉唑钠', 'Pantoprazole sodium', '肠溶片', 'H', 20.8, '', '40mg×7片'),
	('艾司奥美拉唑镁', 'Esomeprazole magnesium', '肠溶片', 'H', 32, '', '20mg×7片|40mg×7片'),
	('法莫替丁', 'Famotidine', '片', 'H', 7, 'e', '20mg×24片'),
	('铝碳酸镁', 'Hydrotalcite', '咀嚼片', 'H', 19.2, 'e', '0.5g×20片|0.5g×24片'),
	('枸橼酸铋钾', 'Bismuth potassium citrate', '胶囊', 'H', 17, 'e', '0.3g×40粒'),
	('多潘立酮', 'Domperidone', '片', 'H', 12, 'e', '10mg×30片'),
	('莫沙必利', 'Mosapride', '片', 'H', 18.2, 'e', '5mg×24片'),
	('蒙脱石', 'Montmorillonite', '散', 'H', 13.6, 'e', '3g×10袋|3g×15袋'),
	('洛哌丁胺', 'Loperamide', '胶囊', 'H', 15.4, 'e', '2mg×6粒'),
	('双歧杆菌三联活菌', 'Live combined Bifidobacterium', '胶囊', 'S', 26.8, '', '0.21g×24粒|0.21g×36粒'),
	('枯草杆菌二联活菌', 'Live combined Bacillus subtilis', '颗粒', 'S', 28, '', '1g×10袋|1g×20袋'),
	('乳果糖', 'Lactulose', '口服溶液', 'H', 31, 'e', '100ml:66.7g'),
	('聚乙二醇4000', 'Macrogol 4000', '散', 'H', 27, 'e', '10g×10袋'),
	('熊去氧胆酸', 'Ursodeoxycholic acid', '胶囊', 'H', 58, 'e', '0.25g×25粒'),
	('水飞蓟宾', 'Silibinin', '胶囊', 'H', 30, '', '35mg×20粒'),
	('孟鲁司特钠', 'Montelukast sodium', '咀嚼片', 'H', 23.6, 'e', '4mg×5片|5mg×12片'),
	('氨溴索', 'Ambroxol', '片', 'H', 9.8, 'e', '30mg×20片|30mg×50片'),
	('氨溴索', 'Ambroxol', '口服溶液', 'H', 17.2, 'e', '100ml:0.6g'),
	('乙酰半胱氨酸', 'Acetylcysteine', '颗粒', 'H', 19.6, 'e', '0.2g×10袋'),
	('羧甲司坦', 'Carbocisteine', '片', 'H', 8.2, 'e', '0.25g×24片'),
	('复方甘草', 'Compound liquorice', '片', 'H', 9, 'e', '100片'),
	('氨茶碱', 'Aminophylline', '片', 'H', 6.6, 'e', '0.1g×100片'),
	('茶碱', 'Theophylline', '缓释片', 'H', 10, 'e', '0.1g×24片'),
	('沙丁胺醇', 'Salbutamol', '气雾剂', 'H', 21.8, 'e', '100μg×200揿'),
	('布地奈德', 'Budesonide', '鼻喷雾剂', 'H', 43, 'e', '64μg×120喷'),
	('布地奈德福莫特罗', 'Budesonide and formoterol', '吸入粉雾剂', 'H', 138, 'e', '160μg/4.5μg×60吸'),
	('沙美特罗替卡松', 'Salmeterol and fluticasone', '吸入粉雾剂', 'H', 126, '', '50μg/250μg×60吸'),
	('噻托溴铵', 'Tiotropium bromide', '吸入粉雾剂', 'H', 96, 'e', '18μg×10粒'),
	('氯雷他定', 'Loratadine', '片', 'H', 10.8, 'e', '10mg×6片|10mg×12片'),
	('西替利嗪', 'Cetirizine', '片', 'H', 12.6, '', '10mg×12片'),
	('左西替利嗪', 'Levocetirizine', '片', 'H', 17.8, '', '5mg×15片'),
	('马来酸氯苯那敏', 'Chlorphenamine maleate', '片', 'H', 4.8, 'e', '4mg×100片'),
	('依巴斯汀', 'Ebastine', '片', 'H', 22, '', '10mg×10片'),
	('复方氨酚烷胺', 'Compound paracetamol and amantadine', '片', 'H', 11, '', '12片|20片'),
	('右美沙芬', 'Dextromethorphan', '糖浆', 'H', 14.8, '', '100ml:0.15g'),
	('盐酸氟西汀', 'Fluoxetine hydrochloride', '胶囊', 'H', 38, 'e', '20mg×14粒'),
	('舍曲林', 'Sertraline', '片', 'H', 28.6, '', '50mg×14片|50mg×28片'),
	('艾司西酞普兰', 'Escitalopram', '片', 'H', 32.4, 'e', '10mg×7片|10mg×14片'),
	('帕罗西汀', 'Paroxetine', '片', 'H', 34, 'e', '20mg×10片'),
	('奥氮平', 'Olanzapine', '片', 'H', 45, 'e', '5mg×14片'),
	('喹硫平', 'Quetiapine', '片', 'H', 36, 'e', '0.1g×30片'),
	('丙戊酸钠', 'Sodium valproate', '缓释片', 'H', 41, 'e', '0.5g×30片'),
	('卡马西平', 'Carbamazepine', '片', 'H', 13.6, 'e', '0.2g×30片'),
	('左乙拉西坦', 'Levetiracetam', '片', 'H', 52, 'e', '0.25g×30片'),
	('多奈哌齐', 'Donepezil', '片', 'H', 48, 'e', '5mg×7片|5mg×14片'),
	('美金刚', 'Memantine', '片', 'H', 56, '', '10mg×14片'),
	('苯海索', 'Trihexyphenidyl', '片', 'H', 8, 'e', '2mg×100片'),
	('多巴丝肼', 'Levodopa and benserazide', '片', 'H', 39, 'e', '0.25g×40片'),
	('倍他司汀', 'Betahistine', '片', 'H', 14.4, 'e', '6mg×30片'),
	('氟桂利嗪', 'Flunarizine', '胶囊', 'H', 11.6, 'e', '5mg×20粒'),
	('甲钴胺', 'Mecobalamin', '片', 'H', 16, 'e', '0.5mg×20片|0.5mg×48片'),
	('维生素C', 'Vitamin C', '片', 'H', 4.6, 'e', '0.1g×100片'),
	('维生素B1', 'Vitamin B1', '片', 'H', 4.4, 'e', '10mg×100片'),
	('维生素B6', 'Vitamin B6', '片', 'H', 4.5, 'e', '10mg×100片'),
	('叶酸', 'Folic acid', '片', 'H', 12.4, 'e', '0.4mg×31片|5mg×100片'),
	('琥珀酸亚铁', 'Ferrous succinate', '片', 'H', 17.8, 'e', '0.1g×24片'),
	('非那雄胺', 'Finasteride', '片', 'H', 37, 'e', '5mg×10片|5mg×30片'),
	('坦索罗辛', 'Tamsulosin', '缓释胶囊', 'H', 33, 'e', '0.2mg×10粒'),
	('特拉唑嗪', 'Terazosin', '片', 'H', 20, 'e', '2mg×28片'),
	('托特罗定', 'Tolterodine', '片', 'H', 24, '', '2mg×14片'),
	('左炔诺孕酮', 'Levonorgestrel', '片', 'H', 19, 'e', '1.5mg×1片'),
	('黄体酮', 'Progesterone', '胶囊', 'H', 23, 'e', '50mg×20粒'),
	('克霉唑', 'Clotrimazole', '栓', 'H', 14, 'e', '0.15g×10枚'),
	('红霉素', 'Erythromycin', '眼膏', 'H', 3.8, 'ea', '2g:10mg|2.5g:12.5mg'),
	('妥布霉素', 'Tobramycin', '滴眼液', 'H', 11.6, 'a', '5ml:15mg'),
	('玻璃酸钠', 'Sodium hyaluronate', '滴眼液', 'H', 26.4, '', '5ml:5mg|10ml:10mg'),
	('聚乙烯醇', 'Polyvinyl alcohol', '滴眼液', 'H', 22.6, '', '0.4ml×10支'),
	('莫匹罗星', 'Mupirocin', '软膏', 'H', 19.8, 'ea', '5g:0.1g|10g:0.2g'),
	('糠酸莫米松', 'Mometasone furoate', '乳膏', 'H', 18.4, '', '5g:5mg|10g:10mg'),
	('丁酸氢化可的松', 'Hydrocortisone butyrate', '乳膏', 'H', 15, 'e', '10g:10mg'),
	('炉甘石', 'Calamine', '洗液', 'H', 8.8, 'e', '100ml'),
	('双氯芬酸二乙胺', 'Diclofenac diethylamine', '凝胶', 'H', 24.8, '', '20g:0.2g'),
	('胰岛素', 'Insulin', '注射液', 'S', 48, 'e', '3ml:300单位'),
	('甘精胰岛素', 'Insulin glargine', '注射液', 'S', 78, 'e', '3ml:300单位'),
	('门冬胰岛素30', 'Insulin aspart 30', '注射液', 'S', 72, 'e', '3ml:300单位'),
	('利拉鲁肽', 'Liraglutide', '注射液', 'S', 168, '', '3ml:18mg'),
	('氯化钠', 'Sodium chloride', '注射液', 'H', 14, 'e', '100ml:0.9g×10袋|250ml:2.25g×10袋'),
	('葡萄糖', 'Glucose', '注射液', 'H', 15, 'e', '250ml:12.5g×10袋'),
	('碘伏', 'Povidone iodine', '溶液', 'H', 7.6, 'e', '100ml:5g'),
	('板蓝根', 'Isatis root', '颗粒', 'Z', 12.8, 'e', '10g×10袋|10g×20袋'),
	('连花清瘟', 'Lianhua Qingwen', '胶囊', 'Z', 16.4, '', '0.35g×24粒|0.35g×36粒'),
	('感冒清热', 'Ganmao Qingre', '颗粒', 'Z', 13.2, 'e', '12g×10袋'),
	('小柴胡', 'Xiao Chaihu', '颗粒', 'Z', 14.6, 'e', '10g×6袋|10g×10袋'),
	('银翘解毒', 'Yinqiao Jiedu', '片', 'Z', 9.6, 'e', '0.52g×36片'),
	('双黄连', 'Shuanghuanglian', '口服液', 'Z', 17.2, 'e', '10ml×10支'),
	('蓝芩', 'Lanqin', '口服液', 'Z', 28, '', '10ml×6支|10ml×12支'),
	('藿香正气', 'Huoxiang Zhengqi', '水', 'Z', 8.4, 'e', '10ml×5支|10ml×10支'),
	('藿香正气', 'Huoxiang Zhengqi', '软胶囊', 'Z', 15.8, 'e', '0.45g×24粒'),
	('蒲地蓝消炎', 'Pudilan Xiaoyan', '口服液', 'Z', 27, '', '10ml×10支'),
	('急支', 'Jizhi', '糖浆', 'Z', 16.8, 'e', '100ml|200ml'),
	('川贝枇杷', 'Chuanbei Pipa', '糖浆', 'Z', 19.4, 'e', '150ml'),
	('强力枇杷露', 'Qiangli Pipa Lu', '合剂', 'Z', 15.4, '', '120ml'),
	('六味地黄', 'Liuwei Dihuang', '丸', 'Z', 14.2, 'e', '200丸|360丸'),
	('知柏地黄', 'Zhibai Dihuang', '丸', 'Z', 13.6, 'e', '200丸'),
	('杞菊地黄', 'Qiju Dihuang', '丸', 'Z', 14.8, 'e', '200丸'),
	('补中益气', 'Buzhong Yiqi', '丸', 'Z', 12.8, 'e', '200丸'),
	('逍遥', 'Xiaoyao', '丸', 'Z', 13, 'e', '200丸'),
	('归脾', 'Guipi', '丸', 'Z', 14, 'e', '200丸'),
	('香砂养胃', 'Xiangsha Yangwei', '丸', 'Z', 12.2, 'e', '200丸'),
	('保和', 'Baohe', '丸', 'Z', 10.8, 'e', '200丸'),
	('参苓白术', 'Shenling Baizhu', '颗粒', 'Z', 21.6, 'e', '6g×10袋'),
	('复方丹参', 'Compound Danshen', '滴丸', 'Z', 26.2, 'e', '27mg×180丸'),
	('复方丹参', 'Compound Danshen', '片', 'Z', 10.4, 'e', '0.32g×60片'),
	('速效救心', 'Suxiao Jiuxin', '滴丸', 'Z', 36, 'e', '40mg×120丸'),
	('血府逐瘀', 'Xuefu Zhuyu', '胶囊', 'Z', 27.4, 'e', '0.4g×24粒'),
	('脑心通', 'Naoxintong', '胶囊', 'Z', 31.6, '', '0.4g×36粒|0.4g×48粒'),
	('银杏叶', 'Ginkgo leaf', '片', 'Z', 22.8, 'e', '19.2mg×24片|19.2mg×36片'),
	('通心络', 'Tongxinluo', '胶囊', 'Z', 30.4, 'e', '0.26g×30粒'),
	('稳心', 'Wenxin', '颗粒', 'Z', 33, 'e', '9g×9袋'),
	('麝香保心', 'Shexiang Baoxin', '丸', 'Z', 35, 'e', '22.5mg×42丸'),
	('天麻钩藤', 'Tianma Gouteng', '颗粒', 'Z', 29, 'e', '10g×10袋'),
	('三七', 'Sanqi', '片', 'Z', 24.4, '', '0.5g×36片'),
	('牛黄解毒', 'Niuhuang Jiedu', '片', 'Z', 5.4, 'e', '24片'),
	('黄连上清', 'Huanglian Shangqing', '片', 'Z', 9.2, 'e', '0.3g×48片'),
	('清开灵', 'Qingkailing', '颗粒', 'Z', 18.8, 'e', '3g×12袋'),
	('安神补脑', 'Anshen Bunao', '口服液', 'Z', 25, '', '10ml×10支'),
	('乌灵', 'Wuling', '胶囊', 'Z', 38.6, '', '0.33g×27粒'),
	('百乐眠', 'Bailemian', '胶囊', 'Z', 40, '', '0.27g×24粒'),
	('云南红药', 'Yunnan Hongyao', '胶囊', 'Z', 34.6, '', '0.25g×24粒'),
	('伤湿止痛', 'Shangshi Zhitong', '贴膏', 'Z', 11.2, 'e', '10贴'),
	('骨痛', 'Gutong', '贴膏', 'Z', 23, '', '6贴'),
	('马应龙麝香痔疮', 'Musk haemorrhoids', '软膏', 'Z', 15.6, 'e', '10g'),
	('京万红', 'Jingwanhong', '软膏', 'Z', 19, 'e', '20g'),
	('尿毒清', 'Niaoduqing', '颗粒', 'Z', 54, 'e', '5g×15袋'),
	('前列舒通', 'Qianlie Shutong', '胶囊', 'Z', 32, '', '0.4g×36粒'),
	('益母草', 'Motherwort', '颗粒', 'Z', 14.4, 'e', '15g×10袋'),
	('妇科千金', 'Fuke Qianjin', '片', 'Z', 23.8, 'e', '0.32g×72片'),
	('小儿氨酚黄那敏', 'Paediatric paracetamol and chlorphenamine', '颗粒', 'H', 10.2, '', '6g×10袋'),
	('小儿肺热咳喘', 'Xiaoer Feire Kechuan', '口服液', 'Z', 26, '', '10ml×6支'),
	('小儿豉翘清热', 'Xiaoer Chiqiao Qingre', '颗粒', 'Z', 29.6, '', '2g×6袋|2g×9袋'),
	('醒脾养儿', 'Xingpi Yang''er', '颗粒', 'Z', 24, '', '2g×12袋')
) AS v (generic_name, name_en, form, letter, price, flags, strengths)) m
CROSS JOIN LATERAL unnest(string_to_array(m.strengths, '|')) WITH ORDINALITY AS s (strength, ordinality);

CREATE TEMPORARY TABLE maker ON COMMIT DROP AS
SELECT ordinality::int - 1 AS id, name || '制药（示例）' AS name
FROM unnest(ARRAY['东吴', '石泉', '华亭', '蓝鲸', '北岭', '云海', '松江南', '赤水河', '白塔', '长桥', '恒山下', '海晏', '青禾', '金陵渡',
	'太和里', '凤栖', '九洲春', '玉衡']) WITH ORDINALITY AS m (name);

-- Every medicine from one maker, and the first of them from a second one, to 420 products in all.
INSERT INTO product (id, name, name_en, generic_name, strength, form, maker, approval_number, gtin, trace_prefix,
	units_per_order_unit, order_unit, price, shelf_life_days, essential, antibiotic)
SELECT p.id, format('%s%s %s', p.generic_name, p.form, p.strength), format('%s %s', p.name_en, f.name_en),
	p.generic_name, p.strength, p.form, k.name, format('国药准字%s2099%s', p.letter, lpad(p.id::text, 4, '0')),
	pg_temp.gtin('0952' || lpad((100000 + p.id * 7)::text, 9, '0')),
	'8' || lpad((p.id * 7919 % 999983)::text, 6, '0'),
	u.units, CASE WHEN u.units = 1 THEN '盒' ELSE '中包' END, c.price,
	f.shelf_life_days, p.flags LIKE '%e%', p.flags LIKE '%a%'
FROM (
	SELECT row_number() OVER (ORDER BY source, m.id) AS id, source, m.*
	FROM medicine m CROSS JOIN generate_series(1, 2) AS source
) AS p (id, source, medicine_id, generic_name, name_en, form, letter, price, flags, strength, strength_number)
JOIN form f ON f.name = p.form
JOIN maker k ON k.id = (p.medicine_id * 5 + p.source * 7) % 18
CROSS JOIN LATERAL (SELECT round((p.price * (0.9 + 0.45 * (p.strength_number - 1))
	* (0.85 + 0.3 * pg_temp.fraction(p.id, 1)))::numeric, 2)) AS c (price)
CROSS JOIN LATERAL (SELECT CASE WHEN c.price < 15 THEN 10 WHEN c.price < 45 THEN 5 WHEN c.price < 90 THEN 2 ELSE 1 END) AS u (units)
WHERE p.id <= 420
ORDER BY p.id;

-- What a scan looks up: the pack's GTIN, the first seven digits of its trace code, and for most products
-- sold in inner cases the GTIN of a case (indicator digit 1).
INSERT INTO product_code (code, product_id, units)
SELECT gtin, id, 1 FROM product
UNION ALL
SELECT trace_prefix, id, 1 FROM product
UNION ALL
SELECT pg_temp.gtin('1' || substr(gtin, 2, 12)), id, units_per_order_unit
FROM product WHERE units_per_order_unit > 1 AND id % 4 <> 0
ORDER BY 2, 1;

-- Two or three suppliers for each product. Supplier 1, whose login is on the log-in page, is asked first for
-- a quarter of them.
INSERT INTO supplier_product (product_id, supplier_id, unit_price, rank)
SELECT p.id, s.supplier_id, round(p.price * (1 + 0.02 * (s.rank - 1)), 2), s.rank
FROM product p
CROSS JOIN LATERAL (SELECT CASE WHEN p.id % 4 = 0 THEN 1 ELSE 2 + p.id * 5 % 11 END) AS first (supplier_id)
CROSS JOIN LATERAL (VALUES (1, first.supplier_id), (2, 1 + (first.supplier_id + p.id % 5) % 12),
	(3, 1 + (first.supplier_id + 5 + p.id % 5) % 12)) AS s (rank, supplier_id)
WHERE s.rank < 3 OR p.id % 3 = 0;

DROP FUNCTION pg_temp.gtin(text), pg_temp.fraction(bigint, bigint);
RESET ROLE;
