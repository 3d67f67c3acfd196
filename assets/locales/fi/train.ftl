# Opetus ja sen virheet.

train-stopped-epochs = Opetus on valmis: kaikki epookit on käyty.
train-stopped-target-loss = Opetus on valmis: tavoitehäviö on saavutettu.
train-stopped-patience = Opetus pysähtyi: häviö ei ole parantunut vähään aikaan.
train-stopped-diverged = Opetus hajaantui: häviö kasvoi arvosta { $from } arvoon { $to }. Oppimisnopeus { $rate } on luultavasti liian suuri; kokeile kymmenesosaa siitä.
train-stopped-interrupted = Opetus keskeytettiin.
train-stopped-failure = Opetus epäonnistui. Tämä on ohjelman vika: { $text }
train-stopped-not-finite = Opetus pysähtyi askeleella { $step }: solmun { $node } { $quantity } ei ole äärellinen luku. Todennäköinen syy: { $cause } Viimeiset kelvolliset painot säilytettiin.
train-quantity-value = arvo
train-quantity-gradient = gradientti
train-quantity-parameter = parametri
train-cause-data = aineistossa on sellainen luku; korjaa solu tai jätä sen sarake pois.
train-cause-parameter = parametri ei ollut äärellinen jo ennen askelta; arvo painot uudelleen.
train-cause-learning-rate = painot kasvoivat askel askeleelta, joten oppimisnopeus on liian suuri; pienennä se kymmenesosaan.
train-cause-exploding = gradientit kasvoivat monen aika-askeleen läpi; leikkaa niitä tai käytä vähemmän askelia.
train-cause-logarithm = häviö otti logaritmin luvusta, joka ei ole välillä 0–1; lisää sen eteen sigmoidi tai softmax, tai käytä logiteista laskettavaa häviötä.
train-cause-overflow = luku kasvoi liian suureksi; skaalaa aineisto tai pienennä oppimisnopeutta.
train-cannot-one = Opetus ei voi alkaa. { $problem }
train-cannot-problems = Opetus ei voi alkaa: piirroksessa on ongelmia, jotka pitää ratkaista ensin. Ongelmat-välilehti luettelee ne.
train-cannot-no-data = Opetus ei voi alkaa: aineistoa ei vielä ole. Lataa CSV-tiedosto tai kirjoita rivejä syöte- ja tavoitesolmuihin.
train-cannot-no-loss = Opetus ei voi alkaa: piirroksessa ei ole häviötä. Lisää häviö ja johda siihen ennuste ja tavoite.
train-compiling = Käännetään verkkoa ohjelmaksi
train-cannot-stopped = Verkon valmistelu keskeytettiin. Paina Opeta, niin se tehdään loppuun.
train-cannot-no-rows = Opetus ei voi alkaa: opetukseen ei jää yhtään riviä. Pienennä validointiosaa tai lataa enemmän rivejä.
