# Selittäminen ja läpikäynti päätteessä sekä toimintojen sanat.
cli-explain-title = # d häviö / d { $param } = { $value }
cli-explain-words = Kuinka paljon häviö kasvaa, kun { $param } kasvaa hiukan: { $value } kertaa sen verran. Laskettu { $n ->
    [one] yhdestä rivistä
   *[other] { $n } rivistä
}, dropout pois päältä.
cli-explain-steps = ## Lopusta alkuun: deltojen ketju
cli-explain-paths = ## Kaikki polut kerrottuina: { $shown } suurinta, kaikkiaan { $n }
cli-explain-sum = Kaikkien polkujen summa: `{ $sum }`
cli-explain-count-entry = Kertolaskuja tähän alkioon, paikallisia derivaattoja lukuun ottamatta: lopusta alkuun { $steps }, kaikkia polkuja pitkin { $paths }.
cli-explain-count-all = Yhden näytteen koko gradienttiin: lopusta alkuun { $steps }, kaikkia polkuja pitkin { $paths }.
cli-explain-form = ”{ $param }” ei nimeä yhtään alkiota: kirjoita se muodossa 'Dense 1.weight[0,1]'. Tässä mallissa on { $known }
cli-explain-no-parameter = Parametria ”{ $param }” ei ole. Tässä mallissa on { $known }
cli-explain-outside = ”{ $param }” on tensorinsa ulkopuolella; rivit ja sarakkeet lasketaan nollasta. Tässä mallissa on { $known }
cli-explain-frozen = { $param } on jäädytetty, joten sillä ei ole gradienttia: salli sen oppia ja kysy uudelleen
cli-explain-unreached = Gradientti ei yllä parametriin { $param }: mikään häviö ei riipu siitä
cli-explain-no-number = ”{ $claim }” ei ole luku: kirjoita se desimaalipisteellä tai -pilkulla, esimerkiksi 0,0822
cli-explain-right = { $claim } on oikein: { $exact }
cli-explain-wrong-sign = Luvussa { $claim } on väärä etumerkki: { $exact }
cli-explain-not-rounded = { $claim } on katkaistu, ei pyöristetty: { $exact }
cli-explain-wrong = { $claim } ei ole oikein: { $exact }
cli-walk-no-chain = Tämä ei ole kerrosten ketju, jolla on yksi häviö, niin kuin kurssin luokka on: käytä valintaa --to numpy
cli-walk-loop = # Sama mille tahansa määrälle kerroksia, aktivaatioiden ja deltojen listoilla:
# Mitä ajon toiminto tekee.
cli-walk-clear = gradientit unohdetaan
cli-walk-forward = laskee ulostulonsa
cli-walk-seed = vastavirta alkaa tästä
cli-walk-vector = vastavirta alkaa tästä vektorilla v
cli-walk-send-over = lähettää gradientin taaksepäin
cli-walk-send-past = lähettää yhdellä askeleella aktivaationsa ohi
cli-walk-send-to = lähettää parametrilleen
cli-walk-clip = gradientit leikataan
cli-walk-update = optimoijan askel
cli-walk-for-showing = { " " }(vain näytettäväksi)
# Kurssin koodin huomautukset.
course-delta-joined = Kerroksen { $layer } delta: häviön derivaatta kertaa aktivaation derivaatta on ennuste miinus tavoite (ketjusääntö; murtoluvut supistuvat)
course-delta = Kerroksen { $layer } delta: se, mikä saapuu, kertaa aktivaation jyrkkyys kussakin yksikössä, alkioittain (ketjusääntö)
course-weight = Kerroksen { $layer } painojen gradientti: kerrokseen tullut kertaa delta; transponoitu, jotta tulot ovat riveinä ja yksiköt sarakkeina niin kuin matriisissa W{ $layer } (z = x·w, joten dz/dw = x)
course-bias = Kerroksen { $layer } vakiotermin gradientti: vakiotermi lisätään, joten sen derivaatta on 1 ja jäljelle jää itse delta
course-back = Takaisin kerroksen { $before } aktivaatioon: jokainen yksikkö saa osansa kustakin deltasta painoaan pitkin; W{ $layer } on transponoitu, koska kuljetaan nuolia vastaan
course-loss = Miten häviö muuttuu ennusteen mukana
course-loss-half = Miten häviö muuttuu ennusteen mukana: ½ kumoaa neliön kakkosen. Mitään ei jaeta n:llä, joten neliöiden keskiarvon 2/n puuttuu tästä
course-loss-mse = Miten häviö muuttuu ennusteen mukana: 2 tulee neliöstä, ja 1/n on parametrien kohdalla
course-loop = Viimeisestä kerroksesta ensimmäiseen: A[0] on syöte, A[l + 1] kerroksen l aktivaatio
course-loop-last-joined = Viimeinen delta: ennuste miinus tavoite
course-loop-last = Viimeinen delta: häviön derivaatta kertaa aktivaation jyrkkyys
course-loop-delta = Muut deltat: se, minkä seuraava kerros lähetti takaisin, kertaa aktivaation jyrkkyys
course-loop-weight = Kerrokseen tullut transponoituna kertaa delta
course-loop-bias = Itse delta, koska vakiotermi lisätään
course-loop-back = Edelliselle kerrokselle: painoja pitkin, nuolia vastaan
