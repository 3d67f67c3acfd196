# Gradientti läheltä: luettelo, tönäisy, gradientin tarkistus.

pane-gradient = Gradientti

gradient-of-parameters = { $n ->
    [one] { $n } parametri
   *[other] { $n } parametria
 }
gradient-of-frozen = { $n } jäädytetty
gradient-of-unreached = { $n } ilman yhteyttä häviöön
gradient-of-inputs = { $n ->
    [one] { $n } syöte
   *[other] { $n } syötettä
 }
gradient-about = Gradientti on vain kaikkien osittaisderivaattojen kokoelma: jokainen kertoo, kuinka paljon häviö kasvaa, kun juuri se luku kasvaa ja muut pysyvät.
gradient-inputs = syötteet, joita optimoija ei siirrä
gradient-inputs-hint = Kuinka paljon häviö kasvaa kunkin syötteen mukana katsottavalla rivillä. Ne eivät kuulu gradienttiin, jonka optimoija saa.
gradient-none = ei ole

nudge-title = Tönäise ja katso
nudge-choose = Valitse luettelosta osittaisderivaatta: sen lukua siirretään ε:n verran, muut pysyvät, ja häviö mitataan uudestaan.
nudge-step = Askel ε
nudge-one = kasvata yhdellä
nudge-sign = Toiseen suuntaan
nudge-running = Mitataan …
nudge-nothing = Mitään ei mitata opetuksen aikana eikä silloin, kun piirroksessa on ongelmia.
nudge-near = Gradientti ennustaa muutoksen: ero on { $off }.
nudge-far = Ero on { $off }: näin pitkällä askeleella häviö ei ole suora.
nudge-rows = { $n ->
    [one] Muut luvut pysyvät, dropout on pois päältä; mitattu float64-luvuin yhdellä rivillä.
   *[other] Muut luvut pysyvät, dropout on pois päältä; mitattu float64-luvuin erän { $n } rivillä.
}
nudge-curve = häviö
nudge-tangent = tangentti
nudge-points = ennen ja jälkeen

check-title = Gradienttitarkistus
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
check-choose = Napsauta lukua alta tai valitse se luettelosta, niin näet sen kaksi häviötä.
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
lens-choose = Valitse luettelosta osittaisderivaatta: molemmat tavat näytetään vierekkäin.
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

# Mitä PyTorch pitää solmusta tallessa.
autograd-title = Kuten PyTorchissa
autograd-saved = tallessa vastavirtaa varten
autograd-saved-nothing = ei mitään
autograd-saved-within = vain niissä funktioissa, joista se koostuu
autograd-handed-on = syötteen oma, eteenpäin sellaisenaan
autograd-zeros = PyTorch lähettää tästä taaksepäin nollia, koska arvo on tasainen; tämä ohjelma ei lähetä mitään. Kumpikaan ei opeta mitään.
autograd-none-yet = None
autograd-none-not-required = None (requires_grad=False)
autograd-not-kept = None: sitä ei pidetä arvolle, joka ei ole lehti; retain_grad() pitää sen
autograd-retain-grad-hint = PyTorch pitää vain lehtien .grad-arvot. Kun retain_grad() on valittu, seuraava backward() pitää myös tämän arvon gradientin. Yllä olevat matriisit näyttävät sen joka tapauksessa.
autograd-retain-graph-hint = Valittuna backward() jättää funktioiden tallettamat arvot paikalleen, ja sen voi kutsua uudelleen.
autograd-zero-grad-hint = Unohtaa jokaisen lehden .grad-arvon: se on taas None.
autograd-forward-hint = Laskee arvot uudelleen: graafi rakentuu uudestaan, ja .grad säilyy. Ohjelma tekee niin itse aina, kun jokin luku muuttuu.
autograd-backward-hint = Lisää tämän laskukierroksen gradientit jokaisen lehden .grad-arvoon.
autograd-needs-pass = Tarvitsee kokonaisen erän levossa: keskeytä opetus ja valitse ”koko erä”.
autograd-before = Ennen kutsua backward() jokainen .grad on None.
autograd-rounding = Tämä gradientti on pelkkää pyöristystä: takaisin tulevat osuudet kumoavat toisensa, ja tarkasti se on 0.
autograd-added-up = backward() on kutsuttu { $n } kertaa ilman kutsua zero_grad(): .grad on { $n } gradientin summa.
autograd-is-freed = Graafi on vapautettu: funktioiden tallettamat arvot ovat poissa. forward() rakentaa sen uudelleen.
autograd-is-built = Graafi on yhä olemassa (retain_graph=True).
autograd-freed = backward() on jo käynyt tämän graafin läpi, ja funktioiden tallettamat arvot vapautettiin samalla. Kutsu uudelleen forward() tai valitse retain_graph=True ennen ensimmäistä kutsua. (PyTorch: ”Trying to backward through the graph a second time”.)
autograd-no-grad = Mikään, mistä backward() alkaa, ei vaadi gradienttia: siihen ei johda yhtään tensoria, jolla on requires_grad=True. Valitse tensorille requires_grad tai merkitse toinen juuri. (PyTorch: ”element 0 of tensors does not require grad and does not have a grad_fn”.)
