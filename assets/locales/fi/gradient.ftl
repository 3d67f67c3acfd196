# Gradientti läheltä: luettelo, tönäisy, gradientin tarkistus.

pane-gradient = Gradientti

gradient-count = { $n ->
    [one] { $n } osittaisderivaatta
   *[other] { $n } osittaisderivaattaa
}
gradient-about = Gradientti on vain kaikkien osittaisderivaattojen kokoelma: jokainen kertoo, kuinka paljon häviö kasvaa, kun juuri se luku kasvaa ja muut pysyvät.
gradient-inputs = ja lisäksi syötteet, joita mikään optimoija ei siirrä
gradient-none = ei ole

nudge-title = Tönäise ja katso
nudge-choose = Valitse vasemmalta osittaisderivaatta: sen lukua siirretään ε:n verran, muut pysyvät, ja häviö mitataan uudestaan.
nudge-step = Askel ε
nudge-one = kasvata yhdellä
nudge-sign = Toiseen suuntaan
nudge-running = Mitataan …
nudge-nothing = Mitään ei mitata opetuksen aikana eikä silloin, kun piirroksessa on ongelmia.
nudge-near = Gradientti ennustaa muutoksen: ero on { $off }.
nudge-far = Ero on { $off }: näin pitkällä askeleella häviö ei ole suora.
nudge-rows = { $n ->
    [one] Muut luvut pysyvät, dropout on pois; mitattu float64-luvuin yhdellä rivillä.
   *[other] Muut luvut pysyvät, dropout on pois; mitattu float64-luvuin erän { $n } rivillä.
}
nudge-curve = häviö
nudge-tangent = tangentti
nudge-points = ennen ja jälkeen

check-title = Gradientin tarkistus
check-start = Tarkista kaikki gradientit
check-cancel = Keskeytä
check-about = Vertaa backward()-kutsun tulosta erotusosamäärään (L(w + ε) − L(w − ε)) / 2ε jokaisessa parametrissa, float64-luvuin enintään 32 ensimmäisellä rivillä.
check-passed = Läpi: { $agree ->
    [one] ainoa tarkistettu luku täsmää
   *[other] kaikki { $agree } tarkistettua lukua täsmäävät
}, suurin suhteellinen virhe { $worst }, rivejä: { $rows }.
check-differ = Ei läpi: { $differ ->
    [one] yksi luku eroaa
   *[other] { $differ } lukua eroaa
}, suurin suhteellinen virhe { $worst }, rivejä: { $rows }.
check-nothing = Mitään ei voitu tarkistaa.
check-at-kink = { $n ->
    [one] Yksi luku jäi tarkistamatta: se on taitekohdassa.
   *[other] { $n } lukua jäi tarkistamatta: ne ovat taitekohdassa.
}
check-sample = Tarkistettiin otos: { $checked } / { $n } lukua.
check-outdated = Painot tai piirros ovat muuttuneet tämän jälkeen.
check-choose = Napsauta lukua alta tai valitse se vasemmalta, niin näet sen kaksi häviötä.
check-not-in-sample = { $name } ({ $owner }) ei ole tarkistetussa otoksessa.
check-entry-agrees = Täsmää: suhteellinen virhe { $error }.
check-entry-kink = Ei tarkistettu, taitekohdassa: välillä w − ε … w + ε taittuu ReLU, |·| tai vastaava, joten erotus ei mittaa kulmakerrointa.
check-entry-differs = Eroaa: suhteellinen virhe { $error }, enemmän kuin pyöristys selittää.
check-float32 = Opetus laskee float32-luvuin, joten sen oma gradientti on noin seitsemän numeron tarkka; tämä tarkistus laskee float64-luvuin.
check-cut = Näytetään ensimmäiset { $rows } riviä ja { $columns } saraketta.
check-tip-unchecked = { $name }: ei otoksessa
check-tip-agrees = { $name }: täsmää, suhteellinen virhe { $error }
check-tip-kink = { $name }: taitekohdassa
check-tip-differs = { $name }: eroaa, suhteellinen virhe { $error }
check-spoken = Suhteelliset virheet, { $name }: { $agree } / { $n } lukua täsmää, { $differ } eroaa, { $kink } taitekohdassa

menu-neurons = Avaa neuroneiksi tai sulje
neurons-opened = { $name }, avattuna
neurons-close = Sulje
neurons-by-weight = painon mukaan
neurons-by-gradient = gradientin mukaan
neurons-by-contribution = vaikutuksen mukaan
neurons-hidden = { $n ->
    [one] ja vielä yksi syöte
   *[other] ja vielä { $n } syötettä
}

lens-tab = Kaksi tapaa
lens-choose = Valitse vasemmalta osittaisderivaatta: molemmat tavat näytetään vierekkäin.
lens-running = Seurataan polkuja …
lens-nothing = Tästä luvusta ei johda polkua häviöön, tai opetus on käynnissä.
lens-paths = Kaikki polut kerrottuina
lens-count = { $shown } / { $n } polkua luvusta häviöön, suurin ensin
lens-steps = Lopusta alkaen, deltat
lens-steps-about = Jokainen delta lasketaan kerran, ja kaikki sitä edeltävät käyttävät sitä.
lens-equal = yhtä suuret ✓
lens-not-equal = Nämä kaksi eroavat.
lens-cost-entry = Kertolaskuja tähän lukuun: poluittain { $paths }, lopusta alkaen { $steps }.
lens-cost-whole = Yhden näytteen koko gradienttiin: poluittain { $paths }, lopusta alkaen { $steps }.
