# Mitä tiedostoissa voi olla vialla.
files-not-found = tiedostoa ei löydy. Tarkista polku.
files-no-folder = kansiota { $folder } ei ole. Tarkista polku tai luo kansio ensin.
files-not-readable = sitä ei saa lukea. Muuta sen käyttöoikeuksia tai kopioi se omaan kansioosi.
files-not-writable = sinne ei saa kirjoittaa. Valitse oma kansiosi.
files-read-folder = tämä on kansio, ei tiedosto. Valitse malli (.ron) sen sisältä.
files-write-folder = tämä on kansio, ei tiedosto. Anna sen sisällä olevan tiedoston nimi.
files-write-no-file = siellä on laite tai putki, eikä sitä korvata tiedostolla. Valitse toinen nimi.
files-write-hard-linked = tiedostolla on { $names } nimeä (kovia linkkejä), ja tallennus erottaisi ne: muiden sisältö jäisi vanhaksi. Valitse toinen nimi tai poista muut linkit.
files-write-read-only = tiedosto on kirjoitussuojattu. Valitse toinen nimi tai salli siihen kirjoittaminen.
files-io = järjestelmä sanoo ”{ $reason }”. Tarkista levy ja polku.
files-too-large = sen koko on { $megabytes } Mt, mutta mallissa on enintään { $limit } Mt. Valitse malli (.ron).
files-not-a-file = tämä on laite tai putki eikä tavallinen tiedosto. Valitse malli (.ron).
files-byte-order-mark = sen alussa on merkistön { $encoding } tavujärjestysmerkki (BOM), mutta malli on UTF-8:aa ilman sellaista. Tallenna se uudelleen muodossa ”UTF-8 ilman BOM-merkkiä”.
files-open-quote = rivi { $line }: tässä alkaa lainaus ("), joka ei pääty tai päättyy vasta myöhemmän alkuun. Päätä se omalla rivillään.
files-not-text = rivi { $line } ei ole tekstiä (UTF-8), mutta malli on tekstitiedosto (.ron). Valitse toinen tiedosto.
files-syntax = rivi { $line }, sarake { $column }: ”{ $reason }”. Tiedostossa pitäisi olla malli sellaisena kuin tämä ohjelma sen kirjoittaa; se voi olla katkennut tai käsin muutettu. Avaa sen vanhempi kopio.
files-missing-field = rivi { $line }, sarake { $column }: ennen tätä kohtaa pitäisi olla kenttä ”{ $field }”, mutta se puuttuu. Tiedosto voi olla katkennut tai käsin muutettu. Avaa sen vanhempi kopio.
files-unknown-version = sen muodon versio on { $found }, mutta tämä ohjelma lukee versioon { $newest } asti. Avaa se ohjelman uudemmalla versiolla.
files-unrolled-too-large = { $nodes } solmua, noin { $megabytes } Mt: auki rullattuna { $steps } aika-askeleelle verkko on liian suuri tallennettavaksi. { $fewer ->
    [one] Yksi askel
   *[other] { $fewer } askelta
 } mahtuu.
files-not-finite = { $place } ei ole äärellinen luku
files-invalid = { $place }: { $problem }. Tiedostoa on ehkä muutettu käsin; korjaa tämä kohta.
files-invalid-number = { $found } ei ole äärellinen luku
files-invalid-count = tähän kuuluu { $expected ->
    [one] yksi luku
   *[other] { $expected } lukua
 }, niitä on { $found }
files-invalid-shape = piirroksen mukaan muoto on { $expected }, tiedostossa se on { $found }
files-invalid-long-name = nimessä on { $found } merkkiä, mutta enintään { $limit } sallitaan
files-invalid-unknown = tunnusta { $id } ei ole
files-invalid-duplicate = { $what } esiintyy kahdesti
files-invalid-range = { $found } ei ole välillä { $low }–{ $high }
files-invalid-word = ”{ $found }” on tuntematon; odotettiin: { $expected }
files-invalid-encoding = merkistöä ”{ $found }” ei ole; odotettiin esimerkiksi UTF-8, windows-1252 tai Shift_JIS
files-invalid-missing-parameter = parametri { $name } puuttuu
files-invalid-unrolled = auki rullattuna piirroksessa on { $expected }, tiedostossa { $found }

files-open-title = Avaa malli
files-save-title = Tallenna malli nimellä
files-data-title = Lataa CSV-tiedosto
files-copy-title = Tallenna kopio
files-copy-saved = Tallennettu: { $path }.
files-path = Tiedoston polku
files-browse = Selaa …
files-browsing = Järjestelmän tiedostoikkuna on auki.
files-open = Avaa
files-save = Tallenna
files-saved-as = Tallennetaan nimellä { $file }.
files-replace-title = Korvataanko tiedosto?
files-replace-model = { $path } on jo olemassa. Siinä oleva malli menetettäisiin.
files-replace-other = { $path } on jo olemassa, eikä se ole malli. Sen sisältö menetettäisiin.
files-replace-copy = { $path } on jo olemassa. Sen sisältö menetettäisiin.
files-replace-changed = Joku muu on muuttanut tiedostoa { $path } sen jälkeen, kun avasit tai tallensit sen. Muutos menetettäisiin.
files-replace = Korvaa
files-other-name = Valitse toinen nimi
files-cancel = Peruuta
files-discard = Hylkää muutokset
files-recent = Viimeksi käytetyt
files-examples = Esimerkit
files-kind-models = Vastavirta-mallit
files-kind-data = Aineistotaulukot
files-kind-all = Kaikki tiedostot
files-unsaved-title = Tallennetaanko muutokset ensin?
files-unsaved-body = Verkossa on tallentamattomia muutoksia.
files-recover-title = Palautetaanko tallentamaton työ?
files-recover-body = Ohjelma päättyi ennen kuin työ { $name } tallennettiin.
files-recover = Palauta
files-discard-recovery = Hylkää
files-fewer-steps-title = Tallennetaanko vähemmillä askelilla?
files-save-fewer-steps = Vähennä askelia ja tallenna
files-missing-title = Missä aineisto on?
files-missing-body = Malli oppii tiedostosta { $path }, jota ei löydy.
files-find-data = Valitse tiedosto …
files-without-data = Jatka ilman aineistoa
files-changed-title = Käytetäänkö muuttunutta aineistoa?
files-use-changed = Käytä nykyistä
files-dismiss = Sulje ilmoitus
files-dismiss-all = Sulje kaikki ({ $n })
files-untitled = Nimetön

files-opening = Avataan mallia
files-saving = Tallennetaan { $file }
files-cannot-open = Tiedostoa { $file } ei voi avata: { $reason }
files-cannot-save = Tiedostoa { $file } ei voi tallentaa: { $reason }
files-cannot-autosave = Tallentamatonta työtä ei voi säilyttää palautusta varten: { $reason }
files-no-autosave-folder = Tallentamatonta työtä ei säilytetä palautusta varten, koska kansiota { $path } ei voi käyttää: { $reason } Tallenna usein.
files-no-autosave-slot = Tallentamatonta työtä ei säilytetä palautusta varten, koska kaikki paikat kansiossa { $path } ovat varattuja. Sulje ohjelman muita ikkunoita tai poista vanha työ sieltä.
files-cannot-recover = Aiemmalta kerralta tallentamatta jäänyttä työtä ei voi palauttaa: { $reason } Se, mitä on jäljellä, on tiedostossa { $path }
files-job-lost = Taustatyö epäonnistui. Tämä on ohjelman vika: tallenna työsi ja käynnistä ohjelma uudelleen.
files-stop = Keskeytä
files-try-again = Yritä uudelleen
files-folder-not-empty = Kansio ei ole tyhjä; nimeä toinen tai tyhjennä se ensin
