# Valikot, yläpalkki ja pikanäppäimet.
