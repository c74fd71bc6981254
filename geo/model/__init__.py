"""The tables of LouMap as SQLAlchemy models; import from here, never from the files."""

from geo.model.audit import AuditEntry
from geo.model.declarative import Base
from geo.model.enterprises import Cluster, Enterprise, Party, PartyRole, Tenancy
from geo.model.figures import Figure, PublishedFigure, Target
from geo.model.former import FormerRow
from geo.model.ground import Amenity, AmenityDistance, GroundFeature, TransitLine
from geo.model.industry import IndustryCode
from geo.model.news import UnitNews
from geo.model.offers import Offer, OfferUnit
from geo.model.places import (
    Area,
    Building,
    BuildingFact,
    Complex,
    ComplexBuilding,
    ComplexPart,
    Floor,
    Section,
    Unit,
    UnitLineage,
)
from geo.model.reshapes import UnitReshape
from geo.model.sources import FieldEdit, ImportChange, ImportRun, Source, SourceKey
from geo.model.states import Confirmation, UnitState, WithdrawnConfirmation
from geo.model.versions import LayerChange, LayerVersion

__all__ = [
    "Amenity",
    "AmenityDistance",
    "Area",
    "AuditEntry",
    "Base",
    "Building",
    "BuildingFact",
    "Cluster",
    "Complex",
    "ComplexBuilding",
    "ComplexPart",
    "Confirmation",
    "Enterprise",
    "FieldEdit",
    "Figure",
    "Floor",
    "FormerRow",
    "GroundFeature",
    "ImportChange",
    "ImportRun",
    "IndustryCode",
    "LayerChange",
    "LayerVersion",
    "Offer",
    "OfferUnit",
    "Party",
    "PartyRole",
    "PublishedFigure",
    "Section",
    "Source",
    "SourceKey",
    "Target",
    "Tenancy",
    "TransitLine",
    "Unit",
    "UnitLineage",
    "UnitNews",
    "UnitReshape",
    "UnitState",
    "WithdrawnConfirmation",
]
