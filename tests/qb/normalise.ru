# Normalisation of a cube (RDF Data Cube, section 10), to be run before the constraints:
# first the types and properties that the vocabulary implies, then the values that are attached
# to a data set, a slice or a measure are copied to every observation they hold for.
PREFIX qb: <http://purl.org/linked-data/cube#>

INSERT { ?observation a qb:Observation } WHERE { ?slice qb:observation ?observation } ;

INSERT { ?observation a qb:Observation . ?dataset a qb:DataSet }
WHERE { ?observation qb:dataSet ?dataset } ;

INSERT { ?slice a qb:Slice } WHERE { ?dataset qb:slice ?slice } ;

INSERT { ?key a qb:SliceKey } WHERE { ?slice qb:sliceStructure ?key } ;

INSERT { ?component qb:componentProperty ?property . ?property a ?kind }
WHERE {
    VALUES (?link ?kind) {
        (qb:dimension qb:DimensionProperty)
        (qb:measure qb:MeasureProperty)
        (qb:attribute qb:AttributeProperty)
    }
    ?component ?link ?property .
} ;

INSERT { ?observation ?property ?value }
WHERE {
    ?component qb:componentProperty ?property ; qb:componentAttachment qb:DataSet .
    ?dataset qb:structure/qb:component ?component ; ?property ?value .
    ?observation qb:dataSet ?dataset .
} ;

INSERT { ?observation ?property ?value }
WHERE {
    ?component qb:componentProperty ?property ; qb:componentAttachment qb:Slice .
    ?dataset qb:structure/qb:component ?component ; qb:slice ?slice .
    ?slice ?property ?value ; qb:observation ?observation .
} ;

INSERT { ?observation ?property ?value }
WHERE {
    ?component qb:componentProperty ?property .
    ?property a qb:DimensionProperty .
    ?dataset qb:structure/qb:component ?component ; qb:slice ?slice .
    ?slice ?property ?value ; qb:observation ?observation .
} ;

INSERT { ?observation ?property ?value }
WHERE {
    ?component qb:componentProperty ?property ; qb:componentAttachment qb:MeasureProperty .
    ?property a qb:AttributeProperty .
    ?dataset qb:structure/qb:component ?component .
    ?measure a qb:MeasureProperty ; ?property ?value .
    ?observation qb:dataSet ?dataset ; ?measure ?measured .
}
