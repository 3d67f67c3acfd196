# What is wrong with a typed expression.
expression-at = Rivi { $line }, sarake { $column }: { $what }
expression-nothing = Kirjoita lauseke, esimerkiksi f = mean(x ** 2).
expression-ends = rivi loppuu kohdassa, jossa piti olla { $expected }.
expression-expected = odotettiin { $expected }, löytyi { $found }.
expression-unknown-name = nimellä { $name } ei ole arvoa. Lisää rivi, esimerkiksi { $name } = [1, 2, 3].
expression-unknown-function = { $name } ei ole funktio, jonka voi piirtää. Paletissa ovat ne, jotka voi.
expression-unknown-keyword = funktiolla { $function } ei ole asetusta { $keyword }.
expression-arguments = { $function } ottaa argumentteja { $expected }, annettiin { $found }.
expression-circle = { $name } on tehty itsestään. Anna sille lukuja, tai toinen nimi toiselle puolelle.
expression-ragged = luettelon rivien on oltava yhtä pitkiä, mikään niistä ei saa olla tyhjä, ja tasoja saa olla enintään kaksi.
expression-too-large = tämä on liian suuri piirrettäväksi. Jaa se useaan lausekkeeseen.
expression-hint = Kirjoita kuten Pythonissa: ** on potenssi, @ matriisitulo, ja nimen edessä saa olla torch. Nimetyistä luvuista tulee muuttujia, jotka saavat gradientin.
expression-draw = Piirrä
expression-as-text = Yhtenä lausekkeena
expression-as-code = PyTorch-koodina
expression-copy = Kopioi: { $what }
