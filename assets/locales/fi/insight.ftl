# Mitä opetettu verkko tekee: ennusteet, rajat, entä jos, opetuksen vointi.

insight-not-ready = Vielä ei voi ennustaa: verkko tarvitsee häviön, tavoitteen ja aineiston rivejä. Ongelmat-paneeli kertoo, mitä puuttuu.
insight-computing = Lasketaan …
insight-step = painot askeleen { $step } jälkeen
insight-step-older = vanhemmista painoista, askeleen { $step } jälkeen

predictions-no-loss = Täällä ei ennusteta mitään: johdota tavoite ja verkon viimeinen solmu häviöön.
predictions-loss = Minkä häviön ennusteet
predictions-part = Minkä osan rivit
predictions-all = Kaikki rivit
predictions-training = Opetusosa
predictions-validation = Validointiosa
predictions-only-wrong = Vain väärät
predictions-cell = { $truth } luultu luokaksi { $said }
predictions-cell-hint = Luettelossa ovat vain tämän sekaannusmatriisin ruudun rivit. Napsautus palauttaa kaikki.
predictions-cell-count = { $n ->
    [one] Yksi rivi
   *[other] { $n } riviä
 }, luokka { $truth }, ennuste { $said }: näytä vain nämä
predictions-rows = { $n ->
    [one] yksi rivi
   *[other] { $n } riviä
 }
predictions-copy = Kopioi luettelo CSV-muodossa
predictions-truth = Tosi
predictions-said = Ennuste
predictions-of = { $what } { $output }
predictions-picture = Kuva
predictions-probability = P({ $class })
predictions-error = Virhe
predictions-miss = Ohi
predictions-sort = Lajittele: { $column }
predictions-sort-hint = Lajittele tämän sarakkeen mukaan. Toinen napsautus kääntää järjestyksen.
predictions-sort-worst = Pahimmat ensin. Toinen napsautus kääntää järjestyksen.
predictions-plot = Ennuste ja tosi arvo
predictions-residuals = Virheet ennusteen mukaan
predictions-scores = Luokittain
predictions-precision = Tarkkuus
predictions-recall = Saanti
predictions-f1 = F1
predictions-support = Rivejä
predictions-roc = ROC-käyrä, AUC { $auc }
predictions-false-positives = väärät hälytykset
predictions-true-positives = oikeat osumat
predictions-reliability = Toteutuvatko todennäköisyydet?
predictions-reliability-note = Viivalla 80 prosentin varmuudella sanottu toteutuu 80 prosentissa riveistä. Suurempi piste on useampi rivi.
predictions-said-probability = sanottu
predictions-found-share = toteutunut

boundary-x = Vaaka-akseli
boundary-y = Pystyakseli
boundary-one-input = yksi syöte yksin
boundary-of = Mitä näytetään
boundary-prediction = ennuste
boundary-output = ulostulo { $class }
boundary-unit = { $node }, yksikkö { $unit }
boundary-others = muut:
boundary-start = Missä muut syötteet ovat
boundary-mean = keskiarvo
boundary-row = rivi { $row }
boundary-nothing = Mikään syöte ei ole luku. Kenttä tarvitsee ainakin yhden: anna jollekin lukusarakkeelle piirteen rooli Aineisto-paneelissa.

what-if-reset = Peru muutokset
what-if-reset-hint = Kaikki syötteet kuten alussa.
what-if-nothing = Täällä ei ennusteta mitään: johdota tavoite ja verkon viimeinen solmu häviöön.
what-if-change-hint = Muutos alkutilanteen ennusteesta.
what-if-slope = +1 → { $slope }
what-if-slope-hint = ∂ { $of } / ∂ { $input } = { $slope }: näin paljon { $of } muuttuu, kun { $input } kasvaa yhdellä ja muu pysyy ennallaan. Tarkka tässä pisteessä; kauempana kulmakerroin voi olla toinen.
what-if-choices-hint = Mitä { $of } olisi muilla luokilla.
what-if-start = Lähtökohta:
