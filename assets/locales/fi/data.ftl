# Aineiston lukeminen ja valmistelu.

data-error-in-file = { $file }: { $what }
data-error-in-file-line = { $file }, rivi { $line }: { $what }
data-error-in-file-column = { $file }, sarake { $column } ({ $name }): { $what }
data-error-in-file-line-column = { $file }, rivi { $line }, sarake { $column } ({ $name }): { $what }
data-error-at-line = rivi { $line }: { $what }
data-error-at-column = sarake { $column } ({ $name }): { $what }
data-error-at-line-column = rivi { $line }, sarake { $column } ({ $name }): { $what }

data-error-not-found = tiedostoa ei ole. Tarkista polku.
data-error-permission = tiedostoa ei saa lukea. Muuta sen käyttöoikeuksia tai kopioi se omaan kansioosi.
data-error-directory = tämä on kansio eikä tiedosto. Valitse CSV-tiedosto sen sisältä.
data-error-not-a-file = tämä on laite tai putki eikä tavallinen tiedosto. Tallenna aineisto ensin CSV-tiedostoksi.
data-error-io = tiedostoa ei voitu lukea: { $reason }.
data-error-empty = tiedostossa ei ole rivejä. Odotettiin CSV-tiedostoa, jossa on vähintään yksi rivi arvoja.
data-error-binary = tämä ei ole tekstiä. Odotettiin CSV-tiedostoa; tallenna taulukko ensin CSV-muodossa.
data-error-encoding = nämä tavut eivät ole merkistöä { $encoding }. Valitse Aineisto-paneelista toinen merkistö, esimerkiksi Windows-1252.
data-error-ragged = odotettiin { $expected } solua kuten ensimmäisellä rivillä, mutta löytyi { $found }. Korjaa rivi tai valitse toinen erotin.
data-error-no-numbers = missään sarakkeessa ei ole lukuja. Tarkista erotin ja desimaalimerkki.
data-error-not-a-number = odotettiin lukua, mutta löytyi ”{ $found }”. Korjaa solu tai tee sarakkeesta luokka.
data-error-too-many-cells = noin { $found } solua, mutta muistiin saa ottaa enintään { $limit }. Lataa vähemmän rivejä tai sarakkeita.
data-error-too-many-columns = { $found } saraketta, mutta enintään { $limit } sallitaan. Tarkista erotin.
data-error-long-row = rivi on pidempi kuin { $limit } tavua. Tarkista lainausmerkki ja rivinvaihdot.
data-error-too-many-categories = { $found } luokkaa tai enemmän, mutta enintään { $limit } voi muuttua piirteiksi. Tee sarakkeesta luku tai jätä se pois.
data-error-unknown-column = saraketta ”{ $name }” ei ole. Valitse sarakkeita, jotka tiedostossa on.
data-error-no-data = solmulla { $node } ei ole aineistoa eikä kirjoitettuja rivejä. Lataa CSV tai kirjoita rivejä.
data-error-no-features = { $node } tarvitsee vähintään yhden piirresarakkeen. Aseta jonkin sarakkeen rooliksi piirre.
data-error-no-targets = { $node } tarvitsee vähintään yhden tavoitesarakkeen. Aseta jonkin sarakkeen rooliksi tavoite.
data-error-no-usable-rows = yhdelläkään { $rows } rivistä ei voi opettaa. Täydennä puuttuvat arvot, jätä vajaat sarakkeet pois tai pienennä validointiosaa.
data-error-too-few-rows = yhteen ikkunaan menee { $needed } riviä, mutta niitä on vain { $found }. Käytä vähemmän aika-askelia tai lyhyempää ennustusväliä.
data-error-row-counts = solmulla { $node } on { $rows } kirjoitettua riviä ja solmulla { $other } on { $other-rows }. Anna molemmille yhtä monta riviä.
data-error-typed-row-length = solmun { $node } rivillä { $row } pitäisi olla { $expected } lukua, mutta niitä on { $found }.
data-error-uneven-groups = solmun { $node } { $features } piirrettä ei jakaudu { $steps } yhtä suureen ryhmään, yhteen jokaiselle askeleelle. Valitse muut sarakkeet tai toinen askelmäärä.
data-error-cancelled = lataaminen keskeytettiin.

data-loading = Luetaan tiedostoa { $file }
