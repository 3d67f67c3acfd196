# Mitä tiedostoissa voi olla vialla.
files-cannot-read = Tiedostoa { $path } ei voi lukea: { $reason }
files-cannot-write = Tiedostoa { $path } ei voi kirjoittaa: { $reason }
files-too-large = Tiedoston koko on { $megabytes } Mt; suurin luettava on { $limit } Mt
files-not-text = Tämä ei ole malli: rivi { $line } ei ole tekstiä (UTF-8)
files-syntax = Rivi { $line }, sarake { $column }: { $reason }
files-missing-field = Rivi { $line }, sarake { $column }: kenttä { $field } puuttuu
files-unknown-version = Tiedoston muodon versio on { $found }; tämä ohjelma lukee versioon { $newest } asti
files-invalid = { $place }: { $problem }
files-invalid-number = { $found } ei ole äärellinen luku
files-invalid-count = tähän kuuluu { $expected } lukua, niitä on { $found }
files-invalid-shape = piirroksen mukaan muoto on { $expected }, tiedostossa se on { $found }
files-invalid-unknown = tunnusta { $id } ei ole
files-invalid-duplicate = { $what } esiintyy kahdesti
files-invalid-range = { $found } ei ole välillä { $low }–{ $high }
files-invalid-missing-parameter = parametri { $name } puuttuu
files-invalid-unrolled = auki kierretyssä piirroksessa on { $expected }, tiedostossa { $found }
