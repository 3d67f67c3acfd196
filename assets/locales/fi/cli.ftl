# Komentorivi.
cli-bench-speed = { $workload }: { $samples } näytettä/s, { $gflops } GFLOP/s matriisituloissa
cli-bench-memory = muistinvarauksia askelta kohti: { $allocations }, matriisitulojen pakkauspuskurit pois lukien
cli-bench-product = Tässä ja nyt, kaikki säikeet: 1024³:n matriisitulo { $gflops } GFLOP/s, rekistereissä tehdyt FMA-käskyt { $fma } GFLOP/s
cli-bench-publishing = { $workload }: { $with } näytettä/s, kun luvut päivittyvät ruudulle, { $without } ilman; päivitys maksaa { $share } %
cli-no-window = Ikkunaa ei voi avata ({ $reason }). Opetetaan päätteessä.
cli-no-data = Mallilla ei ole aineistoa: anna tiedosto valitsimella --data
cli-no-example = Esimerkkiä { $name } ei ole
cli-data-missing = Aineistoa { $path } ei löydy: anna toinen valitsimella --data
cli-data-changed = Huomaa: { $what } Sitä käytetään sellaisena kuin se nyt on.
cli-cannot-print = Tulostus ei onnistu: { $reason }
cli-has-problems = Tätä verkkoa ei voi ajaa; vastavirta check kertoo syyn
cli-no-such-row = Riviä { $row } ei ole: aineistossa on { $n ->
    [one] yksi käyttökelpoinen rivi
   *[other] { $n } käyttökelpoista riviä
 }, ensimmäinen on 0
cli-train-begin = { $rows ->
    [one] 1 rivi opettaa
   *[other] { $rows } riviä opettaa
 }, { $validation } validoi, { $epochs ->
    [one] 1 epookki
   *[other] { $epochs } epookkia
 }
cli-train-epoch = epookki { $epoch }/{ $epochs }: häviö { $loss }
cli-train-val-loss = validointihäviö { $value }
cli-train-mae = MAE { $value }
cli-train-rmse = RMSE { $value }
cli-train-r2 = R² { $value }
cli-train-accuracy = tarkkuus { $value }
cli-train-mse = MSE { $value }
cli-train-persistence-mse = ”huomenna kuten tänään” { $value }
cli-train-saved = Tallennettu: { $path }
cli-train-out-changed = Joku muu muutti tiedostoa { $path } opetuksen aikana, joten se jätetään ennalleen.
cli-train-not-saved = Ei tallennettu; --out OUT.ron tallentaa opetetun mallin
cli-grad-loss = häviö = { $loss }, { $n ->
    [one] yksi rivi
   *[other] { $n } riviä
}
cli-grad-of = d häviö / d { $name }, { $shape }:
cli-grad-none = { "  " }ei ole
cli-grad-frozen = { "  " }jäädytetty
cli-check-no-problems = Piirroksessa ei ole ongelmia.
cli-check-error = Virhe, { $place }: { $problem }
cli-check-warning = Varoitus, { $place }: { $problem }
cli-check-error-anywhere = Virhe: { $problem }
cli-check-warning-anywhere = Varoitus: { $problem }
cli-check-note = Huomaa: { $problem }
cli-check-fix = { "  " }Korjaus: { $fix }
cli-check-parameter = { $name }: { $checked }/{ $n } tarkistettu
cli-check-agree = kaikki täsmäävät
cli-check-differ = { $n } EROAA
cli-check-at-kink = { $n } taitekohdassa
cli-check-largest = suurin ero { $error }
cli-check-entry = { "  " }{ $name }{ $index }: vastavirta { $analytic }, keskeisdifferenssi { $numeric }
cli-check-sample = Lukuja on liikaa kaikkien tarkistamiseen, joten jokaisesta tensorista katsottiin otos: { $checked }/{ $n }.
cli-check-nothing = Mitään ei voitu tarkistaa: jokainen luku on taitekohdassa, jossa erotus ei mittaa kulmakerrointa.
cli-check-passes = Gradienttitarkistus menee läpi ({ $rows ->
    [one] yksi rivi
   *[other] { $rows } riviä
}).
cli-check-fails = Gradienttitarkistus EI mene läpi ({ $rows ->
    [one] yksi rivi
   *[other] { $rows } riviä
}).
cli-predict-width = { $node } ottaa { $expected ->
    [one] yhden piirteen
   *[other] { $expected } piirrettä
 }, aineisto antaa { $found }: anna aineisto, jossa on mallin opetuksessa käytetyt sarakkeet
cli-predict-left-out = { $what }. Niille ei ole ennustetta.
cli-predict-no-inputs = Tämä malli ei lue aineistoa: siinä ei ole syötettä, joten ennustettavaa ei ole. `vastavirta grad` näyttää sen luvut.
cli-fit-kept = Aineisto valmistellaan kuten painoja opetettaessa: skaalaus ja luokat on tallennettu malliin. --refit sovittaa ne uudelleen.
cli-fit-anew = Esikäsittely sovitetaan aineistoon uudelleen.
cli-evaluate = häviö { $loss }, { $rows ->
    [one] yksi rivi
   *[other] { $rows } riviä
}
cli-evaluate-loss = { $name }: häviö { $loss }
cli-new-saved = Tallennettu: { $path }. { $features } piirrettä ennustaa saraketta { $target }, häviö { $loss }. Opeta se näin: vastavirta train { $path } --out { $path }
cli-kind-fitted = Malli on opetettu niin, että sarake ”{ $column }” luettiin toisin, eivätkä sen painot tunne muuta. Jätä --kind pois tai sovita uudelleen: train --data TIEDOSTO --refit.
cli-out-no-model = { $path } on jo olemassa, eikä se ole malli. Anna toinen nimi tai korvaa tiedosto valitsimella --force.
cli-out-no-predictions = { $path } on jo olemassa, eikä siinä ole ennusteita. Anna toinen nimi tai korvaa tiedosto valitsimella --force.
cli-out-exists = { $path } on jo olemassa. Anna toinen nimi tai korvaa tiedosto valitsimella --force.
cli-new-no-target = Saraketta ”{ $target }” ei ole. Sarakkeet ovat: { $names }
cli-new-ignored = Ei käytössä: { $columns }
picture-unknown = Mallissa ei ole parametria { $name }; siinä ovat { $known }.
picture-too-large = Kuva on liian suuri PNG-tiedostoksi; kirjoita se SVG:nä.
cli-inspect-size = { $rows } riviä × { $columns } saraketta, näillä rooleilla käytettäviä rivejä { $usable }:
cli-new-expression = Tallennettu: { $path }: { $nodes } solmua.
